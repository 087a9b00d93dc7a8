#include "sim/check/defect_finder.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint16_t kPort = 40001;
constexpr Ccid kCcid = 3;

struct Bench {
  KnownDefects met;
  DefectFinder finder{&met};

  void Place(uint32_t seq, uint32_t generation, bool own = true,
             std::optional<uint32_t> ccoff = std::nullopt) {
    RxVerdict verdict;
    verdict.seq = SeqNum(seq);
    verdict.placement = NicPlacement{kCcid, generation, ccoff.value_or(seq), 0, 1000};
    finder.OnPlaced(kPort, verdict, own);
  }
  // The driver polls the CQE when the ccid is mapped for the `mapping`th time.
  void Poll(uint32_t seq, uint32_t mapping, uint32_t ccoff, uint32_t cursor,
            uint32_t cursor_mapping, bool past_sgl = false) {
    PlacementReport report;
    report.host_port = kPort;
    report.seq = SeqNum(seq);
    report.ccid = kCcid;
    report.ccoff = ccoff;
    report.cclen = 1000;
    report.mapping = mapping;
    report.cursor = cursor;
    report.cursor_mapping = cursor_mapping;
    report.past_sgl = past_sgl;
    finder.OnPlacementReport(report);
  }
  void Skb(uint32_t seq, uint32_t size, bool crc) {
    ddpsim::Skb skb;
    skb.tcp.destination_port = kPort;
    skb.seq = SeqNum(seq);
    skb.size = size;
    skb.ulp_crc = crc;
    finder.OnDriverSkb(skb);
  }
  uint64_t all() const {
    uint64_t sum = 0;
    for (int i = 0; i < kDefects; ++i) sum += met.count(static_cast<Defect>(i));
    return sum;
  }
};

TEST_CASE("old bytes that the published rules do not want placed are no known defect") {
  for (bool owed : {true, false}) {
    Bench b;
    RxVerdict verdict;
    verdict.placement = NicPlacement{kCcid, 1, 0, 0, 1000};
    CHECK(b.finder.OnPlaced(kPort, verdict, false, owed) == owed);
    CHECK((b.met.count(Defect::kOldBytesPlaced) == 1) == owed);
  }
}

TEST_CASE(
    "wrong pages are told of the very skb that was rebuilt from them, wrong bytes of no more "
    "I/Os") {
  Bench b;
  b.Place(0, 1);
  b.Poll(0, 2, 0, 3000, 2);  // late: the ccid is mapped again
  Skb skb;
  skb.tcp.destination_port = kPort;
  skb.seq = SeqNum(0);
  REQUIRE(b.finder.WrongPagesOf(skb) != nullptr);
  CHECK(std::string(b.finder.WrongPagesOf(skb)) == WordsOf(Defect::kCqeAfterNextSetup).name);
  skb.seq = SeqNum(1000);
  CHECK(b.finder.WrongPagesOf(skb) == nullptr);
  CHECK(b.finder.WrongBytesBy(1) != nullptr);
  CHECK(b.finder.WrongBytesBy(2) == nullptr);
}

TEST_CASE("packets that are rebuilt where their CQEs say meet no defect") {
  Bench b;
  b.Place(0, 1);
  b.Poll(0, 1, 0, 0, 1);
  b.Place(1000, 1);
  b.Poll(1000, 1, 1000, 1000, 1);
  b.Place(2000, 2);
  b.Poll(2000, 2, 0, 0, 2);
  CHECK(b.all() == 0);
}

TEST_CASE("a late CQE is met when the next mapping's packets get wrong pages, and not before") {
  Bench b;
  b.Place(0, 1);
  b.Poll(0, 2, 50'000, 50'000, 2);  // the ccid has been set up again
  CHECK(b.all() == 0);
  b.Place(1000, 2);
  b.Poll(1000, 2, 0, 51'000, 2);
  b.Place(2000, 2);
  b.Poll(2000, 2, 1000, 52'000, 2);
  CHECK(b.met.count(Defect::kCqeAfterNextSetup) == 2);
  CHECK(b.all() == 2);
}

TEST_CASE("a late CQE that walks off the new SGL is met at once") {
  Bench b;
  b.Place(0, 1);
  b.Poll(0, 2, 50'000, 50'000, 2, true);
  CHECK(b.met.count(Defect::kCqeAfterNextSetup) == 1);
}

TEST_CASE("a cursor that began in an earlier mapping is the missing ccid_gen") {
  Bench b;
  b.Place(0, 1);
  b.Poll(0, 1, 0, 0, 1);
  b.Place(1000, 2);
  b.Poll(1000, 2, 0, 1000, 1);
  CHECK(b.met.count(Defect::kCcidWithoutGeneration) == 1);
  CHECK(b.all() == 1);
}

TEST_CASE("old bytes are counted as they are placed, not what follows from them") {
  Bench b;
  b.Place(0, 2, false);
  CHECK(b.met.count(Defect::kOldBytesPlaced) == 1);
  b.Poll(0, 2, 50'000, 50'000, 2);
  b.Place(1000, 2);
  b.Poll(1000, 2, 0, 51'000, 2);
  CHECK(b.all() == 1);
}

TEST_CASE("a C2HData that goes back within its request is met; the next request's is not") {
  Bench b;
  b.Place(24, 1, true, 8192);
  b.finder.OnRequestStart(1, kPort, kCcid);
  b.finder.OnC2HData(1, kPort, SeqNum(24), kCcid, 8192, 4096);
  CHECK(b.all() == 0);
  b.finder.OnC2HData(1, kPort, SeqNum(5000), kCcid, 4096, 4096);
  CHECK(b.met.count(Defect::kBackwardDatao) == 1);
  b.finder.OnRequestStart(1, kPort, kCcid);
  b.finder.OnC2HData(1, kPort, SeqNum(9000), kCcid, 0, 4096);
  CHECK(b.all() == 1);
}

TEST_CASE("data that is copied over what a later PDU had placed there is a DATAO that goes back") {
  for (uint32_t later : {1000u, 2000u, 3000u}) {
    Bench b;
    b.finder.OnRequestStart(1, kPort, kCcid);
    b.Place(5000, 1, true, later);
    b.Place(6000, 1, true, later + 1000);
    b.finder.OnC2HData(1, kPort, SeqNum(100), kCcid, 1000, 2000);  // as far as 3000
    CHECK(b.met.count(Defect::kBackwardDatao) == (later < 3000 ? 1 : 0));
    CHECK(b.finder.WentBack(kPort, kCcid) == (later < 3000));
    b.Place(7000, 1, true, later + 2000);
    b.finder.OnC2HData(1, kPort, SeqNum(5000), kCcid, later, 3000);
    CHECK(b.all() == (later < 3000 ? 1 : 0));  // once, and no PDU is before itself
    b.finder.OnRequestStart(1, kPort, kCcid);
    CHECK_FALSE(b.finder.WentBack(kPort, kCcid));
  }
}

TEST_CASE("where nothing is placed no cursor is wrong, whatever DATAO does") {
  Bench b;
  b.finder.OnRequestStart(1, kPort, kCcid);
  b.finder.OnC2HData(1, kPort, SeqNum(24), kCcid, 8192, 4096);
  b.finder.OnC2HData(1, kPort, SeqNum(5000), kCcid, 4096, 4096);
  CHECK(b.all() == 0);
}

TEST_CASE(
    "wrong pages after a DATAO that went back are its doing, and counted where it went back") {
  Bench b;
  b.Place(0, 1, true, 8192);
  b.Poll(0, 1, 8192, 8192, 1);
  b.Place(3000, 1, true, 0);
  b.Poll(3000, 1, 0, 9192, 1);
  Skb skb;
  skb.tcp.destination_port = kPort;
  skb.seq = SeqNum(3000);
  REQUIRE(b.finder.WrongPagesOf(skb) != nullptr);
  CHECK(std::string(b.finder.WrongPagesOf(skb)) == WordsOf(Defect::kBackwardDatao).name);
  CHECK(b.all() == 1);
}

TEST_CASE(
    "what is written over earlier data of its request is the doing of a DATAO that went back") {
  Bench b;
  const auto verdict = [](uint32_t seq, uint32_t ccoff) {
    RxVerdict v;
    v.seq = SeqNum(seq);
    v.placement = NicPlacement{kCcid, 1, ccoff, 0, 1000};
    return v;
  };
  b.Place(0, 1, true, 8192);
  CHECK_FALSE(b.finder.Rewrites(kPort, verdict(0, 8192)));
  b.Place(3000, 1, true, 8000);
  CHECK(b.finder.Rewrites(kPort, verdict(3000, 8000)));
  CHECK(b.finder.Rewrites(kPort, verdict(4000, 9000)));  // of the same PDU
  CHECK_FALSE(b.finder.Rewrites(kPort, verdict(6000, 20'000)));
  CHECK_FALSE(b.finder.Rewrites(kPort + 1, verdict(3000, 8000)));
}

TEST_CASE(
    "a packet of a request that went back may have been written over; its next one's was not") {
  Bench b;
  Skb skb;
  skb.tcp.destination_port = kPort;
  skb.seq = SeqNum(0);
  b.Place(0, 1, true, 8192);
  CHECK_FALSE(b.finder.WentBack(kPort, kCcid));
  b.Place(3000, 1, true, 8000);
  CHECK(b.finder.WentBack(kPort, kCcid));
  b.Poll(0, 1, 8192, 8192, 1);
  REQUIRE(b.finder.WrongPagesOf(skb) != nullptr);
  b.Place(9000, 2, true, 0);
  CHECK_FALSE(b.finder.WentBack(kPort, kCcid));
  skb.seq = SeqNum(9000);
  b.Poll(9000, 2, 0, 0, 2);
  CHECK(b.finder.WrongPagesOf(skb) == nullptr);
}

TEST_CASE("wrong bytes are explained in as many I/Os as defects have touched, not as often") {
  Bench b;
  for (uint32_t seq = 1000; seq < 9000; seq += 1000) {
    b.Place(seq, 2);
    b.Poll(seq, 2, seq - 1000, seq, 1);  // one mapping, eight packets from wrong pages
  }
  CHECK(b.met.count(Defect::kCcidWithoutGeneration) == 8);
  CHECK(b.finder.WrongBytesBy(1) != nullptr);
  CHECK(b.finder.WrongBytesBy(2) == nullptr);
  CHECK(b.finder.WrongBytesBy(0) == nullptr);
}

TEST_CASE("bytes that are placed before earlier ones of their mapping are met once, header or no") {
  Bench b;
  b.Place(0, 1, true, 8192);
  b.Place(1000, 1, true, 9192);
  CHECK(b.all() == 0);
  b.Place(3000, 1, true, 0);
  b.Place(4000, 1, true, 1000);  // of the same PDU
  CHECK(b.met.count(Defect::kBackwardDatao) == 1);
  b.finder.OnRequestStart(1, kPort, kCcid);
  b.finder.OnC2HData(1, kPort, SeqNum(0), kCcid, 8192, 2000);
  b.finder.OnC2HData(1, kPort, SeqNum(3000), kCcid, 0, 2000);
  CHECK(b.all() == 1);
}

TEST_CASE(
    "neither the next mapping, nor a place of the stream seen before, is a DATAO that goes back") {
  Bench b;
  b.Place(1000, 1, true, 8192);
  b.Place(2000, 2, true, 0);
  b.Place(2500, 2, true, 500);
  CHECK(b.all() == 0);
}

TEST_CASE("old bytes in the next mapping do not make its own ones go back") {
  Bench b;
  b.Place(1000, 1, true, 1000);
  b.Place(2000, 2, true, 2000);  // of the same PDU, though the ccid is mapped anew
  b.Place(9000, 2, true, 0);
  CHECK(b.all() == 0);
}

TEST_CASE("a false acceptance is a lost bit only if the driver handed up a part without it") {
  Bench b;
  b.finder.TcpLosesCrcBits();
  const bool lost = GENERATE(true, false);
  b.Skb(0, 1448, true);
  b.Skb(1448, 1448, !lost);
  b.Skb(2896, 1448, true);
  b.finder.OnC2HData(1, kPort, SeqNum(24), kCcid, 0, 4000);
  b.finder.OnFalseCrcOk(1);
  CHECK(b.met.count(Defect::kCoalesceWithoutCrcBit) == (lost ? 1 : 0));
}

TEST_CASE("a TCP that compares the bits cannot have lost one") {
  Bench b;
  b.Skb(0, 1448, false);
  b.finder.OnC2HData(1, kPort, SeqNum(24), kCcid, 0, 4000);
  b.finder.OnFalseCrcOk(1);
  CHECK(b.all() == 0);
}

TEST_CASE(
    "a digest was vouched for over wrong pages only if nvme-tcp copied such ones of its PDU") {
  Bench b;
  const bool past_sgl = GENERATE(false, true);
  const bool copied = GENERATE(false, true);
  b.Place(1000, 2);
  b.Poll(1000, 2, 1000, 3000, 1, past_sgl);  // past the SGL: dropped
  b.finder.OnC2HData(1, kPort, SeqNum(1000), kCcid, 1000, 800);
  if (copied) b.finder.OnCopied(kPort, SeqNum(1000), 800);
  const char* defect = b.finder.OnFalseCrcOk(1);
  REQUIRE((defect != nullptr) == (copied && !past_sgl));
  if (defect != nullptr) CHECK(std::string(defect) == WordsOf(Defect::kCcidWithoutGeneration).name);
  b.finder.OnC2HData(1, kPort, SeqNum(2000), kCcid, 2000, 800);
  CHECK(b.finder.OnFalseCrcOk(1) == nullptr);
}

TEST_CASE("a load has failed whole by refused digests only if each attempt has") {
  Bench b;
  CHECK(b.finder.AllFailedBy() == nullptr);
  for (int attempt = 0; attempt < 2; ++attempt) {
    b.finder.OnRequestStart(1, kPort, kCcid);
    b.finder.OnRefused(1, kCcid);
    b.finder.OnRefused(1, kCcid);
    b.finder.OnRequestEnd(1, kCcid, false);
  }
  REQUIRE(b.finder.AllFailedBy() != nullptr);
  CHECK(std::string(b.finder.AllFailedBy()) == WordsOf(Defect::kDataInChunks).name);
  b.finder.OnRequestStart(1, kPort, kCcid);
  b.finder.OnRequestEnd(1, kCcid, false);
  CHECK(b.finder.AllFailedBy() == nullptr);
}

TEST_CASE("every defect has a name, a setting and words") {
  for (int i = 0; i < kDefects; ++i) {
    const DefectWords& words = WordsOf(static_cast<Defect>(i));
    CHECK(std::string(words.name).size() > 4);
    CHECK(words.setting[0] == '/');
    CHECK(std::string(words.text).size() > 40);
  }
}

}  // namespace
}  // namespace ddpsim
