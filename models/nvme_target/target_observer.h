// What passive law checkers and taps may watch of the target, and what it counts. No-op by default;
// no observer can change what it sees.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_OBSERVER_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_OBSERVER_H_

#include <array>
#include <cstdint>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/wire/nvme.h"

namespace ddpsim {

class TargetObserver {
 public:
  virtual ~TargetObserver() = default;
  // `connection`: number of the connection at this target, from 0, in order of its SYN.
  virtual void OnStreamWritten(uint32_t connection, ByteSpan bytes, SimTime now) {}
  virtual void OnStreamRead(uint32_t connection, uint32_t bytes, SimTime now) {}
  virtual void OnCommand(uint32_t connection, uint16_t qid, const NvmeSqe& sqe, SimTime now) {}
  // A PDU's data of a write was accepted; `right`: every byte is what the content says.
  virtual void OnDataWritten(uint16_t qid, uint64_t offset, uint32_t bytes, bool right,
                             SimTime now) {}
};

struct TargetStats {
  std::array<int64_t, 10> pdus_received{};  // by PduType
  std::array<int64_t, 10> pdus_sent{};
  int64_t reads = 0;  // NVM commands on I/O queues that succeeded
  int64_t writes = 0;
  int64_t read_bytes = 0;
  int64_t written_bytes = 0;
  int64_t wrong_writes = 0;  // PDUs of data that passed the digest and are not what they should be
  int64_t failed_commands = 0;
  int64_t header_digest_errors = 0;
  int64_t data_digest_errors = 0;
  int64_t fatal_errors = 0;  // protocol errors that end a connection, header digests included
  int64_t connections = 0;
  int64_t frames_received = 0;
  int64_t frames_sent = 0;
  int64_t bytes_sent = 0;     // of frames
  int64_t bad_checksums = 0;  // frames dropped for it
  int64_t not_for_us = 0;     // no TCP, another address or port, no connection
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_OBSERVER_H_
