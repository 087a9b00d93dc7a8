// The oracle and the NIC's context are two readings of the same rules: they must agree on every
// segment of any history. That the oracle is right where both could be wrong is what the first
// cases are for.
#include "sim/check/offload_oracle.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "../nic/context_flow.h"
#include "ddpsim/base/rng.h"

namespace ddpsim {
namespace {

constexpr uint32_t kLongest = 1 << 20;

OracleRules RulesOf(const RxContextConfig& config) {
  OracleRules rules;
  rules.search_anywhere = config.search == SearchMode::kAnyOffset;
  rules.across_data_gap = config.ddp_across_data_gap;
  rules.skips_seen_bytes = config.skips_seen_bytes;
  rules.digests_may_be_wrong = true;
  rules.longest_pdu = kLongest;
  return rules;
}

// A stream of twelve PDUs of 1,000 bytes: headers at 0, 1024, 2048, ...
struct Bench {
  explicit Bench(OracleRules rules = {}) {
    rules.longest_pdu = kLongest;
    oracle.Configure(rules, PduReader(false, false, kLongest));
    for (uint16_t ccid = 0; ccid < 12; ++ccid) stream.C2HData(ccid, 0, 1000);
    oracle.Start(SeqNum(0), false);
  }
  const OracleVerdict& Send(uint32_t from, uint32_t size) {
    return oracle.OnSegment(SeqNum(from), stream.Slice(from, size));
  }
  SampleStream stream;
  OffloadOracle oracle;
};

}  // namespace

TEST_CASE("the expected segment is owed its data, by command and offset") {
  Bench b;
  const OracleVerdict& first = b.Send(0, 500);
  REQUIRE(first.data.size() == 1);
  CHECK((first.data[0].offset == 24 && first.data[0].size == 476 && first.data[0].ccoff == 0));
  const OracleVerdict& second = b.Send(500, 600);
  REQUIRE(second.data.size() == 2);
  CHECK((second.data[0].ccoff == 476 && second.data[0].size == 524));
  CHECK((second.data[1].ccid == 1 && second.data[1].offset == 548 && second.data[1].size == 52));
}

TEST_CASE("a lost header: a header is found, asked about, and the next PDU is owed again") {
  OracleRules rules;
  rules.search_anywhere = true;
  Bench b(rules);
  b.Send(0, 800);
  CHECK(b.Send(1200, 1000).asks == SeqNum(2048));
  CHECK_FALSE(b.Send(2200, 100).offloaded);
  b.oracle.OnAnswer(SeqNum(2047));
  CHECK(b.oracle.state() == OffloadState::kTracking);
  b.oracle.OnAnswer(SeqNum(2048));
  CHECK_FALSE(b.Send(2300, 900).offloaded);  // holds the border
  CHECK(b.Send(3200, 100).offloaded);
}

TEST_CASE("a hole in data costs what the rule says") {
  OracleRules rules;
  rules.across_data_gap = GENERATE(true, false);
  Bench b(rules);
  b.Send(0, 200);
  CHECK(b.Send(400, 200).offloaded == rules.across_data_gap);
  // The packet with the next header costs one either way, and then the context goes on.
  CHECK_FALSE(b.Send(800, 400).offloaded);
  CHECK(b.Send(1200, 200).offloaded);
}

TEST_CASE("what overlaps the expected byte changes nothing, unless seen bytes are skipped") {
  OracleRules rules;
  rules.skips_seen_bytes = GENERATE(true, false);
  Bench b(rules);
  b.Send(0, 500);
  CHECK_FALSE(b.Send(400, 300).offloaded);
  CHECK(b.Send(500, 200).offloaded != rules.skips_seen_bytes);
}

namespace {

struct Pair {
  Pair(Rng* rng, const PduFraming& framing) : flow(framing, static_cast<uint32_t>(rng->U64())) {
    flow.config.search = rng->Bernoulli(0.6) ? SearchMode::kAnyOffset : SearchMode::kPacketStart;
    flow.config.ddp_across_data_gap = rng->Bernoulli(0.6);
    flow.config.skips_seen_bytes = rng->Bernoulli(0.3);
  }
  void Start(const PduFraming& framing) {
    flow.context.Configure(flow.config);
    oracle.Configure(RulesOf(flow.config),
                     PduReader(framing.header_digest, framing.data_digest, kLongest));
    flow.context.Start(SeqNum(flow.base), false);
    oracle.Start(SeqNum(flow.base), false);
  }
  void Answer(SeqNum seq) {
    flow.context.OnResyncResponse(seq);
    oracle.OnAnswer(seq);
  }
  void Compare(uint32_t from, uint32_t size) {
    const SeqNum seq = SeqNum(flow.base) + from;
    flow.context.OnSegment(seq, flow.stream.Slice(from, size), &flow.verdict);
    const OracleVerdict& owed = oracle.OnSegment(seq, flow.stream.Slice(from, size));
    REQUIRE(owed.offloaded == flow.verdict.offloaded);
    REQUIRE(owed.asks == flow.verdict.resync_request);
    REQUIRE(oracle.state() == flow.context.state());
    REQUIRE(owed.data.size() == flow.verdict.runs.size());
    for (size_t i = 0; i < owed.data.size(); ++i) {
      const DataRun& run = flow.verdict.runs[i];
      REQUIRE((owed.data[i].ccid == run.ccid && owed.data[i].ccoff == run.ccoff &&
               owed.data[i].offset == run.offset && owed.data[i].size == run.size));
    }
    if (flow.config.crc_en && owed.offloaded) REQUIRE(owed.digests_ok == flow.verdict.ddgst_ok);
  }
  ContextFlow flow;
  OffloadOracle oracle;
};

}  // namespace

TEST_CASE("oracle and context agree on random histories") {
  uint64_t offloaded = 0, asked = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Rng rng(seed, "offload_oracle");
    const PduFraming framing{rng.Bernoulli(0.3), rng.Bernoulli(0.7), 0};
    Pair pair(&rng, framing);
    SampleStream& stream = pair.flow.stream;
    for (uint16_t i = 0; i < 120; ++i) {
      const uint32_t at = stream.C2HData(
          i, 0, 1 + static_cast<uint32_t>(rng.Below(rng.Bernoulli(0.5) ? 64 : 3000)));
      if (rng.Bernoulli(0.5)) stream.CapsuleResp(i);
      // Data that looks like a header, and a flipped bit now and then.
      if (rng.Bernoulli(0.2) && stream.size() > at + 200) {
        const std::vector<uint8_t> header(stream.bytes.begin() + at,
                                          stream.bytes.begin() + at + 28);
        std::copy(header.begin(), header.end(), stream.bytes.begin() + at + 60);
      }
      if (rng.Bernoulli(0.02))
        stream.bytes[at + rng.Below(stream.size() - at)] ^= uint8_t(1u << rng.Below(8));
    }
    pair.Start(framing);
    SeqNum pending;
    const uint32_t mss = rng.Bernoulli(0.6) ? 1448 : 1 + static_cast<uint32_t>(rng.Below(90));
    for (uint32_t at = 0; at < stream.size();) {
      uint32_t size = rng.Bernoulli(0.2) ? 1 + static_cast<uint32_t>(rng.Below(mss)) : mss;
      size = std::min(size, stream.size() - at);
      if (!rng.Bernoulli(0.04)) pair.Compare(at, size);
      offloaded += pair.flow.verdict.offloaded;
      if (pair.flow.verdict.resync_request.has_value()) {
        pending = *pair.flow.verdict.resync_request;
        ++asked;
      }
      // Old bytes, and such as overlap what is expected.
      if (rng.Bernoulli(0.05)) {
        const auto back = static_cast<uint32_t>(rng.Below(std::min(at, 4000u) + 1));
        const uint32_t until = std::min(stream.size(), at - back + 1 + uint32_t(rng.Below(3000)));
        pair.Compare(at - back, until - (at - back));
      }
      if (rng.Bernoulli(0.3)) pair.Answer(pending);
      if (rng.Bernoulli(0.02)) pair.Answer(SeqNum(pair.flow.base) + at);
      at += size;
    }
  }
  CHECK(offloaded > 5000);
  CHECK(asked > 300);
}

}  // namespace ddpsim
