// Each I/O ends exactly once, and so does each attempt of a request; one that was mapped for direct
// data placement only after its teardown is done (offload series: nvme_tcp_ddp_teardown_done()
// completes the request). A queue's teardowns are done in the order in which they were asked for,
// for one ICOSQ carries them: one that others pass will never be, though the block layer's timeout
// may help its request.
#ifndef DDPSIM_SIM_CHECK_IO_COMPLETION_LAW_H_
#define DDPSIM_SIM_CHECK_IO_COMPLETION_LAW_H_

#include <cstdint>
#include <deque>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "ddpsim/base/ids.h"
#include "sim/check/law.h"

namespace ddpsim {

class IoCompletionLaw : public Law {
 public:
  IoCompletionLaw() : Law("io_completed_once") {}

  void OnRequestStart(uint32_t queue, Cid cid, uint64_t io, SimTime now);
  void OnRequestEnd(uint32_t queue, Cid cid, uint64_t io, SimTime now);
  // An I/O number is used once in a run.
  void OnIoStart(uint64_t io, SimTime now);
  void OnIoEnd(uint64_t io, SimTime now);
  void OnSetup(uint32_t queue, Ccid ccid, SimTime now);
  void OnTeardownDone(uint32_t queue, Ccid ccid, SimTime now);
  // nvme-tcp asks the driver for a teardown.
  void OnTeardown(uint32_t queue, Ccid ccid);
  // The ICOSQ has no room for the teardown that was asked for last: the series loses it.
  void OnTeardownLost();
  // At the end of the run: nothing may be open.
  void Finish(SimTime now);

 private:
  struct Request {
    uint64_t io = 0;
    bool mapped = false;
  };
  void CheckOrder(uint32_t queue, uint16_t tag, SimTime now);
  static uint64_t Key(uint32_t queue, uint16_t id) {
    return (static_cast<uint64_t>(queue) << 16) | id;
  }
  // NIC and host name a command by its tag (generation bits off), so that both keys meet.
  static uint16_t Tag(uint16_t id) { return id & 0x0fff; }

  // Looked up, never iterated.
  absl::flat_hash_map<uint64_t, Request> open_;
  absl::flat_hash_set<uint64_t> open_ios_;
  absl::flat_hash_map<uint32_t, std::deque<uint16_t>> torn_;  // tags by queue, oldest first
  uint32_t last_torn_ = 0;                                    // queue
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_IO_COMPLETION_LAW_H_
