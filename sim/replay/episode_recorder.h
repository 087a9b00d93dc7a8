// Follows one connection's offload context through its verdicts: when it lost its place, why, and
// what passed until it had it back. Invariant: an episode is open exactly while the context
// searches or tracks.
#ifndef DDPSIM_SIM_REPLAY_EPISODE_RECORDER_H_
#define DDPSIM_SIM_REPLAY_EPISODE_RECORDER_H_

#include <optional>
#include <vector>

#include "ddpsim/base/sim_time.h"
#include "ddpsim/hw/nic_observer.h"
#include "sim/result/replay_result.h"

namespace ddpsim {

class EpisodeRecorder {
 public:
  // Episodes beyond this many are counted, not listed.
  static constexpr size_t kListed = 1000;

  void OnVerdict(const RxVerdict& verdict, int64_t capture_ns);
  // The context is gone: another one may follow.
  void OnContextGone() { open_ = false; }

  const std::vector<ResyncEpisode>& episodes() const { return episodes_; }

 private:
  const char* CauseOf(const RxVerdict& verdict) const;

  std::vector<ResyncEpisode> episodes_;
  bool open_ = false;
  bool listed_ = false;
  bool seen_ = false;
  SeqNum highest_;  // end of what has arrived
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_EPISODE_RECORDER_H_
