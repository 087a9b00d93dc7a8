// What passive law checkers and taps may watch of the target, and what it counts. No-op by default;
// no observer can change what it sees.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_OBSERVER_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_OBSERVER_H_

#include <array>
#include <cstdint>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/wire/nvme.h"

namespace ddpsim {

// What a write on an I/O queue hands to the disk when it is executed. Bytes were compared with the
// content of their place as they were accepted.
struct WriteStored {
  uint64_t offset = 0;
  uint32_t bytes = 0;  // that were taken from the stream
  uint32_t wrong_bytes = 0;
  uint64_t first_wrong = 0;  // on the device
};

// Why the target refused something.
enum class Refusal : uint8_t {
  kHeaderDigest,
  kDataDigest,
  kR2TAnswer,  // an H2CData that answers no R2T, or another one
  kHeader,     // any other PDU that breaks the protocol
  kCommand,    // an I/O command ended with an error before it reached the disk
  kAborted,    // a write in hand when its connection died
};
inline constexpr int kRefusals = 6;
// "header_digest" and so on.
const char* RefusalName(Refusal why);

class TargetObserver {
 public:
  virtual ~TargetObserver() = default;
  // `connection`: number of the connection at this target, from 0, in order of its SYN.
  virtual void OnStreamWritten(uint32_t connection, ByteSpan bytes, SimTime now) {}
  virtual void OnStreamRead(uint32_t connection, uint32_t bytes, SimTime now) {}
  virtual void OnCommand(uint32_t connection, uint16_t qid, const NvmeSqe& sqe, SimTime now) {}
  // A write's data is asked for: [offset, offset + bytes) of the command.
  virtual void OnR2T(uint32_t connection, Cid cid, uint32_t offset, uint32_t bytes, SimTime now) {}
  // A PDU's data of a write was accepted, its digest was right: `offset` as its header has it.
  virtual void OnDataWritten(uint32_t connection, Cid cid, uint32_t offset, uint32_t bytes,
                             SimTime now) {}
  virtual void OnWriteStored(uint32_t connection, Cid cid, const WriteStored& stored, SimTime now) {
  }
  virtual void OnRefused(uint32_t connection, Refusal why, SimTime now) {}
};

struct TargetStats {
  std::array<int64_t, 10> pdus_received{};  // by PduType
  std::array<int64_t, 10> pdus_sent{};
  int64_t reads = 0;  // NVM commands on I/O queues that succeeded
  int64_t writes = 0;
  int64_t read_bytes = 0;
  int64_t written_bytes = 0;
  int64_t wrong_writes = 0;  // PDUs of data that passed the digest and are not what they should be
  int64_t wrong_bytes = 0;   // in them
  std::array<int64_t, kRefusals> refused{};
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
