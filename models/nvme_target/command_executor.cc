#include "models/nvme_target/command_executor.h"

#include <algorithm>
#include <cstring>

namespace ddpsim {
namespace {

// Codes of NVM Express Base 2.0c figures 93 and 95 and NVMe over Fabrics 1.1a that only a target
// gives.
constexpr NvmeStatus kCommandSequenceError = 0x000c;
constexpr NvmeStatus kSglInvalidOffset = 0x0016;
constexpr NvmeStatus kAsyncEventLimit = 0x0105;
constexpr NvmeStatus kConnectFormat = 0x0180;

// NVME_TCP_ADMIN_CCSZ: fabrics and admin commands may always bring this much in the capsule.
constexpr uint32_t kAdminCapsuleData = 8192;

constexpr NvmeStatus Final(NvmeStatus status) {
  return static_cast<NvmeStatus>(status | kNvmeDoNotRetry);
}

NvmeStatus Require(bool condition, NvmeStatus otherwise) {
  return condition ? NvmeStatus{kNvmeSuccess} : Final(otherwise);
}

uint8_t FabricsType(const NvmeSqe& sqe) { return static_cast<uint8_t>(sqe.nsid); }

// nvme_is_write(): bit 0 of the opcode, or of the fabrics type.
bool IsWrite(const NvmeSqe& sqe) {
  return ((sqe.opcode == kNvmeFabrics ? FabricsType(sqe) : sqe.opcode) & 1) != 0;
}

// IPO_IATTR_CONNECT_SQE and _DATA: where the bad parameter is.
uint64_t BadParameter(size_t offset, bool in_data) {
  return (in_data ? uint64_t{1} << 16 : 0) | offset;
}

}  // namespace

NvmeStatus CommandExecutor::CheckOpcode(const TargetCommand& command) const {
  const NvmeSqe& sqe = command.sqe;
  // Fused commands are unknown; the data pointer must be an SGL.
  if ((sqe.flags & 0x03) != 0 || (sqe.flags & 0xc0) != kSqeFlagSgl) return Final(kNvmeInvalidField);
  if (id_->controller == nullptr) {
    const bool connect = sqe.opcode == kNvmeFabrics && FabricsType(sqe) == kFabricsConnect;
    return Require(connect, kNvmeInvalidOpcode);
  }
  if (sqe.opcode == kNvmeFabrics) {
    const uint8_t type = FabricsType(sqe);
    const bool property = type == kFabricsPropertyGet || type == kFabricsPropertySet;
    return Require(property && id_->qid == 0, kNvmeInvalidOpcode);
  }
  if (id_->qid == 0) {
    const uint8_t known[] = {kNvmeAdminIdentify, kNvmeAdminSetFeatures, kNvmeAdminAsyncEvent,
                             kNvmeAdminKeepAlive};
    const bool found = std::find(std::begin(known), std::end(known), sqe.opcode) != std::end(known);
    return Require(found, kNvmeInvalidOpcode);
  }
  if (sqe.opcode > kNvmeCmdRead) return Final(kNvmeInvalidOpcode);
  return Require(sqe.nsid == 1, kNvmeInvalidNamespace);
}

uint32_t CommandExecutor::InCapsuleLimit(const NvmeSqe& sqe) const {
  const auto configured = static_cast<uint32_t>(parts_->config.in_capsule_data);
  const bool nvm = id_->qid != 0 && sqe.opcode != kNvmeFabrics;
  return nvm ? configured : std::max(configured, kAdminCapsuleData);
}

uint32_t CommandExecutor::InCapsuleData(const NvmeSqe& sqe) const {
  const bool in_capsule = IsWrite(sqe) && sqe.sgl.type == kSglDataBlockOffset;
  return in_capsule && sqe.sgl.length <= InCapsuleLimit(sqe) ? sqe.sgl.length : 0;
}

// nvmet_tcp_map_data()
NvmeStatus CommandExecutor::MapData(TargetCommand* command, uint32_t capsule_data) const {
  const NvmeSgl& sgl = command->sqe.sgl;
  if (sgl.length == 0) return Require(capsule_data == 0, kNvmeSglInvalidData);
  if (sgl.length > kTargetMaxTransfer) return Final(kNvmeSglInvalidData);
  if (sgl.type == kSglDataBlockOffset) {
    if (!command->write) return Final(kNvmeInvalidField);
    if (sgl.length > InCapsuleLimit(command->sqe)) return Final(kSglInvalidOffset);
    const bool at_start = sgl.address == 0 || parts_->habits.reads_by_sgl;
    if (sgl.length != capsule_data || !at_start) return Final(kNvmeSglInvalidData);
  } else if (sgl.type != kSglTransportDataBlock && !parts_->habits.reads_by_sgl) {
    return Final(kNvmeSglInvalidType);
  } else if (capsule_data != 0) {
    return Final(kNvmeSglInvalidData);
  }
  command->transfer_len = sgl.length;
  return kNvmeSuccess;
}

NvmeStatus CommandExecutor::Prepare(TargetCommand* command, uint32_t capsule_data) const {
  command->write = IsWrite(command->sqe);
  const NvmeStatus status = CheckOpcode(*command);
  if (status != kNvmeSuccess) return status;
  const bool nvm = id_->qid != 0 && command->sqe.opcode != kNvmeFabrics;
  if (nvm) command->device_offset = SqeAs<NvmeRwSqe>(command->sqe).slba * kTargetBlock;
  command->keeps_data = !nvm;
  return MapData(command, capsule_data);
}

NvmeStatus CommandExecutor::CheckLength(const TargetCommand& command) const {
  uint32_t expected = 0;
  if (command.sqe.opcode == kNvmeFabrics) {
    if (FabricsType(command.sqe) == kFabricsConnect) expected = sizeof(FabricsConnectData);
  } else if (id_->qid == 0) {
    if (command.sqe.opcode == kNvmeAdminIdentify) expected = sizeof(IdentifyControllerData);
  } else if (command.sqe.opcode != kNvmeCmdFlush) {
    expected = (SqeAs<NvmeRwSqe>(command.sqe).nlb + 1u) * kTargetBlock;
  }
  return Require(command.transfer_len == expected, kNvmeSglInvalidData);
}

ExecuteVerdict CommandExecutor::Execute(TargetCommand* command) {
  const NvmeStatus length = CheckLength(*command);
  if (length != kNvmeSuccess) {
    command->cqe.set_status(length);
    return ExecuteVerdict::kDone;
  }
  if (command->sqe.opcode == kNvmeFabrics) return ExecuteFabrics(command);
  return id_->qid == 0 ? ExecuteAdmin(command) : ExecuteNvm(command);
}

ExecuteVerdict CommandExecutor::ExecuteNvm(TargetCommand* command) {
  if (command->sqe.opcode == kNvmeCmdFlush) return ExecuteVerdict::kBackend;
  const NvmeRwSqe rw = SqeAs<NvmeRwSqe>(command->sqe);
  const uint64_t blocks = static_cast<uint64_t>(parts_->config.namespace_size) / kTargetBlock;
  const uint32_t count = rw.nlb + 1u;
  if (rw.slba > blocks || count > blocks - rw.slba) {
    command->cqe.set_status(Final(kNvmeLbaOutOfRange));
    return ExecuteVerdict::kDone;
  }
  return ExecuteVerdict::kBackend;
}

ExecuteVerdict CommandExecutor::ExecuteFabrics(TargetCommand* command) {
  const uint8_t type = FabricsType(command->sqe);
  const NvmeStatus status = type == kFabricsConnect       ? Connect(command)
                            : type == kFabricsPropertyGet ? PropertyGet(command)
                                                          : PropertySet(command);
  command->cqe.set_status(status);
  return ExecuteVerdict::kDone;
}

NvmeStatus CommandExecutor::Connect(TargetCommand* command) {
  const auto connect = SqeAs<FabricsConnectSqe>(command->sqe);
  FabricsConnectData data;
  std::memcpy(static_cast<void*>(&data), command->data->bytes().data(), sizeof(data));
  if (connect.recfmt != 0) return Final(kConnectFormat);
  TargetController* controller;
  if (connect.qid == 0) {
    // Dynamic controllers only: the host must ask for any.
    if (data.cntlid != 0xffff) {
      command->cqe.result = BadParameter(offsetof(FabricsConnectData, cntlid), true);
      return Final(kNvmeConnectInvalidParameter);
    }
    controller = parts_->subsystem.Create();
    controller->set_subsystem_nqn(data.subnqn);
  } else {
    controller = parts_->subsystem.Find(data.cntlid);
    const bool bad_qid = connect.qid > parts_->config.max_queues;
    if (controller == nullptr || bad_qid) {
      command->cqe.result = bad_qid ? BadParameter(offsetof(FabricsConnectSqe, qid), false)
                                    : BadParameter(offsetof(FabricsConnectData, cntlid), true);
      return Final(kNvmeConnectInvalidParameter);
    }
  }
  const NvmeStatus status = InstallQueue(controller, connect, command);
  if (status != kNvmeSuccess && connect.qid == 0) parts_->subsystem.Destroy(controller->cntlid());
  return status;
}

// nvmet_install_queue()
NvmeStatus CommandExecutor::InstallQueue(TargetController* controller,
                                         const FabricsConnectSqe& connect, TargetCommand* command) {
  if (connect.sqsize == 0 || connect.sqsize >= kTargetMaxQueueSize) {
    command->cqe.result = BadParameter(offsetof(FabricsConnectSqe, sqsize), false);
    return Final(kNvmeConnectInvalidParameter);
  }
  if (!controller->AddQueue(connect.qid, queue_)) return Final(kCommandSequenceError);
  id_->controller = controller;
  id_->qid = connect.qid;
  id_->size = static_cast<uint16_t>(connect.sqsize + 1);
  if ((connect.cattr & kConnectDisableSqFlow) != 0) {
    id_->sqflow_disabled = true;
    command->cqe.sq_head = 0xffff;
  }
  command->cqe.result = controller->cntlid();
  return kNvmeSuccess;
}

NvmeStatus CommandExecutor::PropertyGet(TargetCommand* command) {
  const auto property = SqeAs<FabricsPropertySqe>(command->sqe);
  const TargetController& controller = *id_->controller;
  const bool wide = (property.attrib & 1) != 0;
  if (wide && property.offset == kPropertyCap) {
    command->cqe.result = controller.cap();
  } else if (!wide && property.offset == kPropertyVs) {
    command->cqe.result = kTargetVersion;
  } else if (!wide && property.offset == kPropertyCc) {
    command->cqe.result = controller.cc();
  } else if (!wide && property.offset == kPropertyCsts) {
    command->cqe.result = controller.csts();
  } else {
    return Final(kNvmeInvalidField);
  }
  return kNvmeSuccess;
}

NvmeStatus CommandExecutor::PropertySet(TargetCommand* command) {
  const auto property = SqeAs<FabricsPropertySqe>(command->sqe);
  if ((property.attrib & 1) != 0 || property.offset != kPropertyCc) return Final(kNvmeInvalidField);
  id_->controller->WriteCc(static_cast<uint32_t>(property.value));
  return kNvmeSuccess;
}

ExecuteVerdict CommandExecutor::ExecuteAdmin(TargetCommand* command) {
  NvmeStatus status = kNvmeSuccess;
  switch (command->sqe.opcode) {
    case kNvmeAdminAsyncEvent:
      if (id_->controller->TakeAsyncEvent()) return ExecuteVerdict::kParked;
      status = Final(kAsyncEventLimit);
      break;
    case kNvmeAdminIdentify:
      status = Identify(command);
      break;
    case kNvmeAdminSetFeatures:
      status = SetFeatures(command);
      break;
    default:  // Keep Alive
      break;
  }
  command->cqe.set_status(status);
  return ExecuteVerdict::kDone;
}

NvmeStatus CommandExecutor::Identify(TargetCommand* command) {
  const auto identify = SqeAs<NvmeIdentifySqe>(command->sqe);
  command->data = parts_->data.Allocate(command->transfer_len);
  void* out = command->data->bytes().data();
  if (identify.cns == kIdentifyController) {
    IdentifyControllerData data;
    id_->controller->FillIdentify(&data);
    std::memcpy(out, &data, sizeof(data));
    return kNvmeSuccess;
  }
  if (identify.cns != kIdentifyNamespace) return Final(kNvmeInvalidField);
  if (identify.nsid == 0xffffffff) return Final(kNvmeInvalidNamespace);
  // An inactive namespace reads as zeroes.
  IdentifyNamespaceData data;
  if (identify.nsid == 1) id_->controller->FillNamespace(&data);
  std::memcpy(out, &data, sizeof(data));
  return kNvmeSuccess;
}

NvmeStatus CommandExecutor::SetFeatures(TargetCommand* command) {
  const auto features = SqeAs<NvmeFeaturesSqe>(command->sqe);
  if ((features.fid & 0xff) != kFeatureNumberOfQueues) return Final(kNvmeInvalidField);
  const bool invalid = (features.dword11 & 0xffff) == 0xffff || features.dword11 >> 16 == 0xffff;
  if (invalid) return Final(kNvmeInvalidField);
  command->cqe.result = id_->controller->GrantedQueues();
  return kNvmeSuccess;
}

}  // namespace ddpsim
