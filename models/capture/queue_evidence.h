// Whether a queue is an admin or an I/O queue, told by its commands when its Connect is not on
// record. Opcodes alone do not tell: Get Log Page is 02h as Read is, Abort 08h as Write Zeroes is.
// What tells: the Fabrics commands that only one kind of queue takes; opcodes that only one command
// set has; the namespace of those that both have (the admin commands name none, or all; Read and
// Write name one); the length of data that the fields of one of the two give (NVM Express Base 2.0c
// section 5, NVM Command Set 1.0c section 3).
#ifndef DDPSIM_MODELS_CAPTURE_QUEUE_EVIDENCE_H_
#define DDPSIM_MODELS_CAPTURE_QUEUE_EVIDENCE_H_

#include <cstdint>
#include <optional>

#include "ddpsim/wire/nvme.h"

namespace ddpsim {

enum class QueueRole : uint8_t { kUnknown, kAdmin, kIo };

class QueueEvidence {
 public:
  void Add(const NvmeSqe& sqe);
  QueueRole role() const;

 private:
  std::optional<uint16_t> qid_;  // by its Connect
  uint64_t admin_ = 0;           // commands that an I/O queue does not take
  uint64_t io_ = 0;              // and the other way round
  uint64_t either_ = 0;          // Read or Write by all that they show
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_QUEUE_EVIDENCE_H_
