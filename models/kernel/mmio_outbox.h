// MMIO writes on their way out of the cores. Software runs a piece at once but its writes leave at
// their own times; they wait here and are handed to the port exactly then, in time order (equal
// times: in order of posting). Invariant: two writes of one core keep their order, as writes to
// uncached memory do.
#ifndef DDPSIM_MODELS_KERNEL_MMIO_OUTBOX_H_
#define DDPSIM_MODELS_KERNEL_MMIO_OUTBOX_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/calendar.h"
#include "ddpsim/base/sim_time.h"

namespace ddpsim {

struct MmioWrite {
  uint64_t offset = 0;  // in the NIC's BAR
  uint64_t value = 0;
  SimTime at;
};

// The root port as the cores see it. Implemented by the shell.
class MmioPort {
 public:
  virtual ~MmioPort() = default;
  // Called at simulated time write.at.
  virtual void OnMmioWrite(const MmioWrite& write) = 0;
};

class MmioOutbox final : private Wakeable {
 public:
  explicit MmioOutbox(Calendar* calendar) : deadline_(calendar, this) {}
  void SetPort(MmioPort* port) { port_ = port; }
  void Post(const MmioWrite& write);
  // Writes at once, ahead of everything posted: firmware commands, whose caller looks at the answer
  // next.
  void WriteNow(const MmioWrite& write);
  size_t pending() const { return pending_.size(); }

 private:
  void OnDeadline(SimTime now) override;

  MmioPort* port_ = nullptr;
  Deadline deadline_;
  std::vector<MmioWrite> pending_;  // latest first
  bool delivering_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_MMIO_OUTBOX_H_
