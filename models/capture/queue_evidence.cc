#include "models/capture/queue_evidence.h"

namespace ddpsim {
namespace {

// Fabrics command types (NVMe over Fabrics 1.1a section 3) beside those of wire/nvme.h.
constexpr uint8_t kFabricsDisconnect = 0x08;  // of I/O queues only

// Opcodes that both command sets have, by their names in the admin set and in the NVM set.
constexpr uint8_t kGetLogPageOrRead = 0x02;
constexpr uint8_t kSetFeaturesOrDsm = 0x09;
constexpr uint8_t kAbortOrWriteZeroes = 0x08;
constexpr uint8_t kAsyncEventOrVerify = 0x0c;

enum class Kind : uint8_t { kAdmin, kIo, kEither, kNeither };

bool NamesOneNamespace(const NvmeSqe& sqe) { return sqe.nsid != 0 && sqe.nsid != 0xffffffff; }

// The length that NUMDL and NUMDU of Get Log Page give.
bool FitsGetLogPage(const NvmeSqe& sqe) {
  const uint64_t dwords = uint64_t{sqe.cdw10 >> 16 | sqe.cdw11 << 16} + 1;
  const uint8_t page = sqe.cdw10 & 0xff;
  return page != 0 && dwords * 4 == sqe.sgl.length;
}

// NLB blocks of a size that is one.
bool FitsRead(const NvmeSqe& sqe) {
  const uint32_t blocks = (sqe.cdw12 & 0xffff) + 1;
  const uint32_t size = sqe.sgl.length / blocks;
  return sqe.sgl.length % blocks == 0 && size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

Kind OfRead(const NvmeSqe& sqe) {
  const bool log_page = FitsGetLogPage(sqe);
  const bool read = FitsRead(sqe);
  if (log_page && (!read || !NamesOneNamespace(sqe))) return Kind::kAdmin;
  if (read && !log_page && NamesOneNamespace(sqe)) return Kind::kIo;
  return Kind::kEither;
}

Kind OfFabrics(const NvmeSqe& sqe) {
  switch (SqeAs<FabricsConnectSqe>(sqe).fctype) {
    case kFabricsPropertySet:
    case kFabricsPropertyGet:
      return Kind::kAdmin;
    case kFabricsDisconnect:
      return Kind::kIo;
    default:
      return Kind::kNeither;  // authentication: of both
  }
}

Kind KindOf(const NvmeSqe& sqe) {
  switch (sqe.opcode) {
    case kNvmeFabrics:
      return OfFabrics(sqe);
    case kGetLogPageOrRead:
      return OfRead(sqe);
    case kNvmeCmdWrite:  // 01h creates a submission queue, which no fabric has
      return NamesOneNamespace(sqe) ? Kind::kIo : Kind::kEither;
    case kNvmeAdminIdentify:
    case kNvmeAdminGetFeatures:
    case kNvmeAdminKeepAlive:
    case 0x10:  // Firmware Commit
    case 0x14:  // Device Self-test
    case 0x1a:  // Directive Receive
    case 0x80:  // Format NVM
    case 0x81:  // Security Send
    case 0x82:  // Security Receive
    case 0x84:  // Sanitize
    case 0x86:  // Get LBA Status
      return Kind::kAdmin;
    case kSetFeaturesOrDsm:
    case kAbortOrWriteZeroes:
    case kAsyncEventOrVerify:
      return NamesOneNamespace(sqe) ? Kind::kNeither : Kind::kAdmin;
    case 0x79:  // Zone Management Send
    case 0x7a:  // Zone Management Receive
    case 0x7d:  // Zone Append
      return Kind::kIo;
    default:
      return Kind::kNeither;
  }
}

}  // namespace

void QueueEvidence::Add(const NvmeSqe& sqe) {
  if (sqe.opcode == kNvmeFabrics) {
    const auto connect = SqeAs<FabricsConnectSqe>(sqe);
    if (connect.fctype == kFabricsConnect) {
      qid_ = connect.qid;
      return;
    }
  }
  switch (KindOf(sqe)) {
    case Kind::kAdmin:
      ++admin_;
      break;
    case Kind::kIo:
      ++io_;
      break;
    case Kind::kEither:
      ++either_;
      break;
    case Kind::kNeither:
      break;
  }
}

QueueRole QueueEvidence::role() const {
  if (qid_.has_value()) return *qid_ == 0 ? QueueRole::kAdmin : QueueRole::kIo;
  if (admin_ > io_) return QueueRole::kAdmin;
  return io_ + either_ > 0 ? QueueRole::kIo : QueueRole::kUnknown;
}

}  // namespace ddpsim
