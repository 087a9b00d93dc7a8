// The disk behind the target: takes commands, says when each is done. Its bytes are Content's, a
// function of the place, so that reads are made on demand and writes are only judged. Left out:
// what a write wrote (reads go on yielding the content), queueing and bandwidth of the device.
// Invariant: commands end in the order of their times, those with equal times in order of their
// start.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_BACKEND_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_BACKEND_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/calendar.h"
#include "ddpsim/base/sim_time.h"
#include "models/nvme_target/service_latency.h"
#include "models/nvme_target/target_command.h"

namespace ddpsim {

class BackendClient {
 public:
  // bi_end_io: the command is done.
  virtual void OnBackendDone(TargetCommand* command, SimTime now) = 0;

 protected:
  ~BackendClient() = default;
};

class TargetBackend final : private Wakeable {
 public:
  TargetBackend(const LatencyConfig& latency, uint64_t seed, Calendar* calendar)
      : latency_(latency, seed), timer_(calendar, this) {}

  // REQUIRES: `client` and `command` live until it is done.
  void Start(BackendClient* client, TargetCommand* command, SimTime now);
  bool quiet() const { return heap_.empty(); }

 private:
  struct Entry {
    SimTime at;
    uint64_t number;
    BackendClient* client;
    TargetCommand* command;
  };
  void OnDeadline(SimTime now) override;
  static bool Later(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at > b.at : a.number > b.number;
  }

  ServiceLatency latency_;
  Deadline timer_;
  std::vector<Entry> heap_;
  uint64_t next_number_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_BACKEND_H_
