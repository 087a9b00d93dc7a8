// The load generator's log beside each real capture, and what the recorded disk holds.
#ifndef DDPSIM_TESTS_REPLAY_IO_LOG_H_
#define DDPSIM_TESTS_REPLAY_IO_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "ddpsim/base/bytes.h"

namespace ddpsim {

struct LoggedIo {
  bool write = false;
  uint64_t offset = 0;
  uint32_t length = 0;
  uint16_t gen = 0;  // of a write: in the top 16 bits of its words
};

std::vector<LoggedIo> ReadIoLog(const std::string& name);

enum class DiskKind { kIndex, kFakeRecords };

// Bytes of `got`, read from `offset`, that the disk cannot have held: a word names its own place
// and, in its top 16 bits, 0 or a write of `log` that covered it.
size_t WrongBytes(DiskKind kind, const std::vector<LoggedIo>& log, uint64_t offset, ByteSpan got);

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_REPLAY_IO_LOG_H_
