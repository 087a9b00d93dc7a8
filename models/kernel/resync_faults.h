// What may become of a resync answer between nvme-tcp and the NIC: nothing (the ICOSQ has no room
// for its WQE, and nobody tries again), or it is posted late; and answers that nobody gave. The
// real driver has no such switches: this is where the offload's answers can go wrong, made to
// happen. Answers are numbered over all queues from 1 on, since faults began, and so are requests.
// Invariant: nothing happens before Enable() or after Disable(); an answer put off still comes.
#ifndef DDPSIM_MODELS_KERNEL_RESYNC_FAULTS_H_
#define DDPSIM_MODELS_KERNEL_RESYNC_FAULTS_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/rng.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

struct LateAnswer {
  int64_t answer = 1;
  SimTime delay;
};

// An answer that nobody gave: so long after a request it names the byte `offset` behind the one
// asked about.
struct StrayAnswer {
  int64_t request = 1;
  SimTime delay;
  int64_t offset = 0;
};

struct ResyncFaultConfig {
  double loss = 0;  // chance of each answer
  double late = 0;
  SimTime delay;  // of those late by chance
  std::vector<int64_t> lost;
  std::vector<LateAnswer> late_list;
  std::vector<StrayAnswer> stray;

  bool any() const {
    return loss > 0 || late > 0 || !lost.empty() || !late_list.empty() || !stray.empty();
  }
};

struct AnswerFate {
  int64_t number = 0;
  bool lost = false;
  SimTime delay;

  bool disturbed() const { return lost || delay > SimTime::Zero(); }
};

class ResyncFaults {
 public:
  ResyncFaults(const ResyncFaultConfig& config, uint64_t seed);

  void Enable() { enabled_ = true; }
  void Disable() { enabled_ = false; }
  AnswerFate OnAnswer();
  // Those that follow this request.
  std::vector<StrayAnswer> OnRequest();

 private:
  ResyncFaultConfig config_;
  bool enabled_ = false;
  int64_t answers_ = 0;
  int64_t requests_ = 0;
  Rng loss_rng_;
  Rng late_rng_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_RESYNC_FAULTS_H_
