#include "sim/validate/counterexample.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ddpsim/base/mutant.h"
#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {
namespace {

constexpr uint32_t kHeader = sizeof(DataPduLayout);
constexpr int64_t kBlock = 512;
constexpr int64_t kRealPdu = kHeader + kBlock + kDigestSize;
// What an I/O queue's stream begins with: ICResp and the CapsuleResp of Connect.
constexpr int64_t kStreamBegin = sizeof(IcRespLayout) + sizeof(CapsuleRespLayout);
// Time between two segments: far longer than the host takes to answer.
constexpr double kStepUs = 1000;

int64_t RealOffset(const ExhaustiveStream& stream, uint32_t at) {
  const auto& pdus = stream.pdus();
  for (size_t i = 0; i < pdus.size(); ++i) {
    if (at >= pdus[i].end) continue;
    const int64_t base = kStreamBegin + static_cast<int64_t>(i) * kRealPdu;
    const int64_t size = pdus[i].end - pdus[i].begin;
    const int64_t within = at - pdus[i].begin;
    if (within <= kHeader) return base + within;
    if (size - within <= kDigestSize) return base + kRealPdu - (size - within);
    const int64_t data = size - kHeader - kDigestSize;
    return base + kHeader + (within - kHeader) * kBlock / data;
  }
  return kStreamBegin + static_cast<int64_t>(pdus.size()) * kRealPdu;
}

// Walks a history and writes down what link and driver must do to have it again.
class Translator {
 public:
  Translator(const Counterexample& from, Scenario* to)
      : from_(from), to_(to), world_(from.bounds), state_(world_.Initial()) {}

  void Run() {
    for (const WorldAction& action : from_.path) Step(action);
    for (size_t k = 0; k < state_.answers.size(); ++k) {
      if (state_.answers[k] >= 0 && given_[k].steps < steps_) Lose(k);
    }
    rest_ = true;
    Rest();
    auto& lost = faults().lost_list;
    std::sort(lost.begin(), lost.end());
  }

 private:
  struct Given {
    int64_t number = 0;
    int steps = 0;
  };

  settings::ResyncFaultsConfig& faults() { return to_->host.nic.offload.resync_faults; }
  void Lose(size_t k) { faults().lost_list.push_back(given_[k].number); }

  // What a link without faults would do from here on.
  void Rest() {
    while (state_.next < world_.stream().segments()) Step({WorldMove::kDeliverNext, state_.next});
    for (uint32_t i = 0; i < world_.stream().segments(); ++i) {
      if ((state_.received >> i & 1) == 0) Step({WorldMove::kDeliverOld, static_cast<uint8_t>(i)});
    }
  }

  void Step(WorldAction action) {
    const WorldState before = state_;
    world_.Apply(action, &state_);
    switch (action.move) {
      case WorldMove::kSkipNext:
        break;
      case WorldMove::kDeliverNext:
      case WorldMove::kDeliverOld:
      case WorldMove::kDeliverJoined:
        Deliver(action, before);
        break;
      case WorldMove::kAnswer:
        Answer(given_[action.index]);
        break;
      case WorldMove::kLoseAnswer:
        Lose(action.index);
        break;
      case WorldMove::kWrongAnswer:
        Stray(world_.stream().pdus()[action.index].begin, before);
        break;
    }
  }

  void Deliver(WorldAction action, const WorldState& before) {
    const uint32_t last = action.index + (action.move == WorldMove::kDeliverJoined ? 2u : 1u);
    settings::ScriptSegmentConfig segment;
    segment.from = RealOffset(world_.stream(), world_.stream().cut(action.index));
    segment.to = RealOffset(world_.stream(), world_.stream().cut(last));
    segment.after_us = kStepUs;
    to_->network.c2h.script.segments.push_back(segment);
    ++steps_;
    answers_this_step_ = 0;
    if (world_.verdict().resync_request.has_value()) {
      ++requests_;
      request_steps_ = steps_;
    }
    if (state_.answers == before.answers) return;
    if (before.answers[1] >= 0 && !rest_) Lose(1);
    given_[1] = given_[0];
    given_[0] = {++answers_, steps_};
  }

  // Between the segment delivered last and the next, in the order of the history.
  double Delay(int since) { return kStepUs * (steps_ - since + 0.3 + 0.1 * answers_this_step_); }

  void Answer(const Given& given) {
    if (given.steps != steps_ || answers_this_step_ > 0)
      faults().late_list.push_back({given.number, Delay(given.steps)});
    ++answers_this_step_;
  }

  void Stray(uint32_t offset, const WorldState& before) {
    const uint32_t candidate = world_.stream().OffsetOf(before.context.hw_resync_tcp_sn());
    faults().stray.push_back(
        {requests_, Delay(request_steps_),
         RealOffset(world_.stream(), offset) - RealOffset(world_.stream(), candidate)});
    ++answers_this_step_;
  }

  const Counterexample& from_;
  Scenario* to_;
  ContextWorld world_;
  WorldState state_;
  std::array<Given, 2> given_;  // by place in WorldState::answers
  int64_t answers_ = 0;
  int64_t requests_ = 0;
  int request_steps_ = 0;
  int steps_ = 0;
  int answers_this_step_ = 0;
  bool rest_ = false;  // the history is over
};

void FlipWrongDigests(const ExhaustiveStream& stream, settings::ScriptConfig* script) {
  for (const ExhaustiveStream::Pdu& pdu : stream.pdus()) {
    if (!pdu.digest_right) script->flipped.push_back(RealOffset(stream, pdu.end) - 1);
  }
}

}  // namespace

std::string Counterexample::Story() const {
  const ContextWorld world(bounds);
  std::string story = broken + ":";
  for (size_t i = 0; i < path.size(); ++i)
    absl::StrAppend(&story, i == 0 ? " " : "; ", world.Describe(path[i]));
  return story;
}

int Counterexample::Faults() const {
  int faults = 0;
  bool just_delivered = false;
  for (const WorldAction& action : path) {
    const bool fault = action.move != WorldMove::kDeliverNext &&
                       !(action.move == WorldMove::kAnswer && just_delivered);
    faults += fault ? 1 : 0;
    just_delivered = action.move == WorldMove::kDeliverNext ||
                     action.move == WorldMove::kDeliverOld ||
                     action.move == WorldMove::kDeliverJoined;
  }
  return faults;
}

Reproduction Reproduce(const Counterexample& from, int mutant) {
  Reproduction result;
  result.outcome.passed = true;
  // The search's payload holds headers; where those mislead the run, plain payload may not.
  for (settings::Content content : {settings::Content::kFakeHeaders, settings::Content::kPattern}) {
    Trial trial;
    trial.test = "counterexample";
    trial.group = "exhaustive";
    trial.mutant = mutant;
    SelectMutant(mutant);
    trial.scenario = CounterexampleScenario(from, content);
    SelectMutant(0);
    trial.mode = trial.scenario.compare.front();
    const std::vector<TrialOutcome> outcomes = RunTrials({trial}, {});
    if (outcomes.empty()) return result;
    result = {trial, outcomes[0]};
    if (!result.outcome.passed) return result;
  }
  return result;
}

Reproduction ReproduceFirst(const std::vector<Counterexample>& all, int mutant,
                            Counterexample* found) {
  for (const Counterexample& one : all) {
    Reproduction run = Reproduce(one, mutant);
    *found = one;
    if (!run.outcome.passed) return run;
  }
  *found = all.front();
  return Reproduce(*found, mutant);
}

Scenario CounterexampleScenario(const Counterexample& from, settings::Content content) {
  const ContextWorld world(from.bounds);
  const auto reads = static_cast<int64_t>(world.stream().pdus().size());
  Scenario s;
  s.description = from.Story();
  s.compare = {Mode::kDdpCrc};
  s.workload.rw = settings::ReadWrite::kRead;
  s.workload.bs = kBlock;
  s.workload.iodepth = reads;
  s.workload.total_ios = 100 * reads;  // enough for the law that sync comes back
  s.network.faults_ios = 4 * reads;
  s.workload.content = content;
  s.network.mtu = 9000;                         // a step's segment is one packet
  s.target.kind = settings::TargetKind::kSpdk;  // a read is one C2HData, without CapsuleResp
  s.target.in_capsule_data = 4 << 10;
  s.target.maxh2cdata = s.target.mdts = 128 << 10;
  s.host.cpu.cores = 1;
  s.host.nic.rx_usecs = 0;
  s.host.nic.rx_frames = 1;
  settings::OffloadConfig& offload = s.host.nic.offload;
  offload.io_threshold = 0;
  offload.search = from.bounds.search == SearchMode::kAnyOffset
                       ? settings::HeaderSearch::kAnyOffset
                       : settings::HeaderSearch::kPacketStart;
  offload.ddp_across_data_gap = from.bounds.ddp_across_data_gap;
  Translator(from, &s).Run();
  if (absl::StrContains(from.broken, "digest"))
    FlipWrongDigests(world.stream(), &s.network.c2h.script);
  return s;
}

}  // namespace ddpsim
