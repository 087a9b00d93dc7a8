#include "models/kernel/resync_faults.h"

#include <algorithm>

namespace ddpsim {

ResyncFaults::ResyncFaults(const ResyncFaultConfig& config, uint64_t seed)
    : config_(config), loss_rng_(seed, "resync.loss"), late_rng_(seed, "resync.late") {}

AnswerFate ResyncFaults::OnAnswer() {
  AnswerFate fate;
  if (!enabled_) return fate;
  fate.number = ++answers_;
  fate.lost =
      loss_rng_.Bernoulli(config_.loss) ||
      std::find(config_.lost.begin(), config_.lost.end(), fate.number) != config_.lost.end();
  if (late_rng_.Bernoulli(config_.late)) fate.delay = config_.delay;
  for (const LateAnswer& late : config_.late_list) {
    if (late.answer == fate.number) fate.delay = late.delay;
  }
  return fate;
}

std::vector<StrayAnswer> ResyncFaults::OnRequest() {
  std::vector<StrayAnswer> due;
  if (!enabled_) return due;
  ++requests_;
  for (const StrayAnswer& stray : config_.stray) {
    if (stray.request == requests_) due.push_back(stray);
  }
  return due;
}

}  // namespace ddpsim
