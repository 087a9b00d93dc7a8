// Equality and hash of the offload context and its parts: the exhaustive search takes equal
// contexts for one, so whatever can make them behave differently must make them differ.
#include <catch2/catch.hpp>
#include <vector>

#include "absl/hash/hash.h"
#include "tests/unit/nic/context_flow.h"

namespace ddpsim {
namespace {

// Each of `all` equals itself and no other, and so do their hashes.
template <class T>
void CheckAllDifferent(const std::vector<T>& all) {
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t k = 0; k < all.size(); ++k) {
      INFO(i << " and " << k);
      const T copy = all[k];
      CHECK((all[i] == copy) == (i == k));
      CHECK((absl::Hash<T>()(all[i]) == absl::Hash<T>()(copy)) == (i == k));
    }
  }
}

CrcEngine Engine(std::vector<uint8_t> data, std::vector<uint8_t> digest) {
  CrcEngine engine;
  engine.OnData(data);
  if (!digest.empty()) engine.OnDigest(digest);
  return engine;
}

PduTracker Tracker(const std::vector<uint8_t>& bytes) {
  PduTracker tracker;
  const PduFormat format(false, false, 1 << 20);
  for (size_t at = 0; at < bytes.size();)
    at += tracker.Next(ByteSpan(bytes).subspan(at), format).size;
  return tracker;
}

// The first `size` bytes of a C2HData PDU.
std::vector<uint8_t> Head(uint16_t ccid, uint32_t datao, uint32_t datal, uint32_t size) {
  SampleStream stream;
  stream.C2HData(ccid, datao, datal);
  return {stream.bytes.begin(), stream.bytes.begin() + size};
}

PduSearcher Searcher(uint32_t seq, const std::vector<uint8_t>& payload) {
  PduSearcher searcher;
  searcher.Search(SeqNum(seq), payload, 0, SearchMode::kAnyOffset,
                  PduFormat(false, false, 1 << 20));
  return searcher;
}

RxContext After(const std::vector<std::pair<uint32_t, uint32_t>>& segments, bool digest = false,
                std::vector<uint32_t> answers = {}) {
  PduFraming framing;
  framing.data_digest = digest;
  ContextFlow f(framing);
  for (uint16_t ccid = 0; ccid < 12; ++ccid) f.stream.C2HData(ccid, 0, 1000);
  f.Start();
  for (const auto& [from, size] : segments) f.Send(from, size);
  for (uint32_t answer : answers) REQUIRE(f.Answer(answer));
  return f.context;
}

}  // namespace

TEST_CASE("digest engines differ by what they summed up, received, and still vouch for") {
  CrcEngine broken;
  broken.Break();
  CheckAllDifferent<CrcEngine>({CrcEngine(), broken, Engine({1, 2}, {}), Engine({1, 3}, {}),
                                Engine({1, 2}, {0}), Engine({1, 2}, {0, 0}), Engine({1, 2}, {7}),
                                Engine({1, 2}, {0, 7}), Engine({}, {0})});
  CrcEngine restarted = Engine({1, 2}, {3});
  restarted.StartPdu();
  CHECK(restarted == CrcEngine());
}

TEST_CASE("layouts differ by each of their fields") {
  std::vector<PduLayout> all(8);
  for (PduLayout& layout : all) layout = {1000, 24, 24, 900, 4, 5, 0};
  all[1].pdu_size = 1001;
  all[2].header_size = 28;
  all[3].data_at = 28;
  all[4].data_size = 901;
  all[5].digest_size = 0;
  all[6].ccid = 6;
  all[7].data_offset = 1;
  CheckAllDifferent(all);
}

TEST_CASE("trackers differ by their place, by the header so far, and by the PDU that it named") {
  CheckAllDifferent<PduTracker>({PduTracker(), Tracker(Head(1, 0, 100, 1)),
                                 Tracker(Head(1, 0, 100, 4)), Tracker(Head(1, 0, 100, 10)),
                                 Tracker(Head(2, 0, 100, 10)), Tracker(Head(1, 0, 100, 24)),
                                 Tracker(Head(1, 0, 200, 24)), Tracker(Head(2, 0, 100, 24)),
                                 Tracker(Head(1, 8, 100, 24)), Tracker(Head(1, 0, 100, 30))});
  PduTracker skipped = Tracker(Head(1, 0, 100, 24));
  skipped.Skip(6);
  CHECK(skipped == Tracker(Head(1, 0, 100, 30)));
  // What the header's bytes were does not matter once they are understood.
  CHECK(Tracker(Head(1, 0, 100, 124)) == PduTracker());
}

TEST_CASE("searchers differ by the bytes that they hold and where these end, not by what is past") {
  const std::vector<uint8_t> one = Head(1, 0, 100, 1), three = Head(1, 0, 100, 3);
  CheckAllDifferent<PduSearcher>(
      {PduSearcher(), Searcher(100, one), Searcher(101, one), Searcher(100, three)});
  PduSearcher reset = Searcher(100, three);
  reset.Reset();
  CHECK(reset == PduSearcher());
  CHECK(absl::Hash<PduSearcher>()(reset) == absl::Hash<PduSearcher>()(PduSearcher()));
}

TEST_CASE("contexts differ by state, place, question and answer") {
  RxContext started, elsewhere, searching;
  started.Start(SeqNum(0), false);
  elsewhere.Start(SeqNum(1), false);
  searching.Start(SeqNum(0), true);
  CheckAllDifferent<RxContext>({RxContext(), started, elsewhere, searching, After({{0, 900}}),
                                After({{0, 901}}), After({{0, 900}, {1200, 848}}),
                                After({{0, 900}, {1200, 848}, {2048, 500}}),
                                After({{0, 900}, {1200, 848}, {2048, 600}}),
                                After({{0, 900}, {1200, 848}, {2048, 500}}, false, {2048}),
                                After({{0, 900}}, true), After({{0, 500}, {600, 300}}, true)});
}

TEST_CASE("contexts that ask about different headers differ though they stand at one place") {
  // Both lost the second header; one found the third, the other the fourth.
  const RxContext third = After({{0, 900}, {1200, 848}, {2048, 1224}});
  const RxContext fourth = After({{0, 900}, {1200, 848}, {3072, 200}});
  REQUIRE(third.expected() == fourth.expected());
  CHECK(third.hw_resync_tcp_sn() != fourth.hw_resync_tcp_sn());
  CHECK_FALSE(third == fourth);
}

TEST_CASE("what-if: contexts that ignored other bytes of a gap differ") {
  const auto ignored = [](uint32_t from) {
    ContextFlow f = TwelvePdus();
    f.config.ddp_across_data_gap = false;
    f.config.skips_seen_bytes = true;
    f.Start();
    f.Send(0, 200);
    if (from != 0) f.Send(from, 100);
    return f.context;
  };
  CheckAllDifferent<RxContext>({ignored(0), ignored(400), ignored(500)});
}

}  // namespace ddpsim
