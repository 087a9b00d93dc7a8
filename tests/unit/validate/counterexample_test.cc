#include "sim/validate/counterexample.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr int64_t kPdu = 24 + 512 + 4;
constexpr int64_t kBegin = 128 + 24;  // ICResp, Connect's CapsuleResp

Counterexample Of(std::vector<WorldAction> path) {
  return {WorldBounds(), "something", std::move(path)};
}

// Loses the second segment, which holds the second PDU's header, and lets the answer for what the
// NIC then finds go its way.
std::vector<WorldAction> LoseAndResync(WorldMove answer) {
  std::vector<WorldAction> path = {{WorldMove::kDeliverNext, 0}, {WorldMove::kSkipNext, 1}};
  for (uint8_t i = 2; i < 10; ++i) path.push_back({WorldMove::kDeliverNext, i});
  path.push_back({WorldMove::kDeliverOld, 1});
  path.push_back({answer, 0});
  return path;
}

const settings::ResyncFaultsConfig& AnswersOf(const Scenario& s) {
  return s.host.nic.offload.resync_faults;
}

}  // namespace

TEST_CASE("borders within headers and digests come out at the same bytes of the real PDUs") {
  const ContextWorld world{WorldBounds()};
  const ExhaustiveStream& stream = world.stream();
  std::vector<WorldAction> path;
  for (uint8_t i = 0; i < stream.segments(); ++i) path.push_back({WorldMove::kDeliverNext, i});
  const Scenario s = CounterexampleScenario(Of(path), settings::Content::kPattern);
  const auto& segments = s.network.c2h.script.segments;
  REQUIRE(segments.size() == stream.segments());
  CHECK(segments.front().from == kBegin);
  CHECK(segments.back().to == kBegin + 8 * kPdu);
  for (size_t i = 1; i < segments.size(); ++i) {
    CHECK(segments[i].from == segments[i - 1].to);
    CHECK(segments[i].to > segments[i].from);
    const uint32_t at = stream.cut(static_cast<uint32_t>(i));
    for (size_t k = 0; k < stream.pdus().size(); ++k) {
      const auto& pdu = stream.pdus()[k];
      const int64_t base = kBegin + static_cast<int64_t>(k) * kPdu;
      if (at >= pdu.begin && at < pdu.begin + 24) CHECK(segments[i].from == base + at - pdu.begin);
      if (at < pdu.end && at + 4 >= pdu.end && pdu.end - pdu.begin > 28)
        CHECK(segments[i].from == base + kPdu - (pdu.end - at));
    }
  }
}

TEST_CASE("a skipped segment is not sent on, a late one comes late, joined ones come as one") {
  const Scenario s = CounterexampleScenario(Of({{WorldMove::kDeliverNext, 0},
                                                {WorldMove::kSkipNext, 1},
                                                {WorldMove::kDeliverNext, 2},
                                                {WorldMove::kDeliverJoined, 1}}),
                                            settings::Content::kPattern);
  const auto& segments = s.network.c2h.script.segments;
  REQUIRE(segments.size() > 3);
  for (size_t i = 4; i < segments.size(); ++i) CHECK(segments[i].from == segments[i - 1].to);
  CHECK(segments[1].from > segments[0].to);
  CHECK(segments[2].from == segments[0].to);
  CHECK(segments[2].to == segments[1].to);
}

TEST_CASE("answers that come at once need no fault; late, lost and wrong ones do") {
  const auto scenario = [](const std::vector<WorldAction>& path) {
    return CounterexampleScenario(Of(path), settings::Content::kPattern);
  };
  const Scenario prompt = scenario(LoseAndResync(WorldMove::kAnswer));
  CHECK_FALSE(AnswersOf(prompt).any());
  CHECK(AnswersOf(scenario(LoseAndResync(WorldMove::kLoseAnswer))).lost_list ==
        std::vector<int64_t>{1});
  std::vector<WorldAction> late = LoseAndResync(WorldMove::kAnswer);
  late.insert(late.end() - 1, {WorldMove::kDeliverNext, 10});
  REQUIRE(AnswersOf(scenario(late)).late_list.size() == 1);
  CHECK(AnswersOf(scenario(late)).late_list[0].answer == 1);
  CHECK(AnswersOf(scenario(late)).late_list[0].delay_us > 1000);
  std::vector<WorldAction> wrong = LoseAndResync(WorldMove::kWrongAnswer);
  wrong.back().index = 7;
  REQUIRE(AnswersOf(scenario(wrong)).stray.size() == 1);
  CHECK(AnswersOf(scenario(wrong)).stray[0].request == 2);  // the latest
  CHECK(AnswersOf(scenario(wrong)).stray[0].offset > 0);
}

TEST_CASE("faults are what a perfect link and a prompt host would not do") {
  CHECK(Of(LoseAndResync(WorldMove::kAnswer)).Faults() == 2);  // skipped, and sent late
  CHECK(Of(LoseAndResync(WorldMove::kLoseAnswer)).Faults() == 3);
}

TEST_CASE("what the translated scenario does to the link breaks no law of a sound NIC") {
  std::vector<WorldAction> late = LoseAndResync(WorldMove::kAnswer);
  late.insert(late.end() - 1, {WorldMove::kDeliverNext, 10});
  for (const auto& path : {LoseAndResync(WorldMove::kAnswer), LoseAndResync(WorldMove::kLoseAnswer),
                           LoseAndResync(WorldMove::kWrongAnswer), late}) {
    Trial trial;
    trial.scenario = CounterexampleScenario(Of(path), settings::Content::kFakeHeaders);
    const TrialOutcome outcome = RunTrial(trial);
    INFO(outcome.law << ": " << outcome.detail);
    CHECK(outcome.passed);
    CHECK(outcome.figures.at("resync_requests") >= 1);
  }
}

}  // namespace ddpsim
