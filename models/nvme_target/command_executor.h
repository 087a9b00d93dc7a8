// What a command means: fabrics, admin and NVM commands as nvmet knows them (Linux 6.1
// nvmet_req_init(), fabrics-cmd.c, admin-cmd.c, io-cmd-bdev.c). Left out: log pages, Abort, Get
// Features, Dataset Management, Write Zeroes, authentication: they end with Invalid Opcode or
// Invalid Field, Do Not Retry. Invariant: nothing here sends or waits; the verdict says what is to
// happen next.
#ifndef DDPSIM_MODELS_NVME_TARGET_COMMAND_EXECUTOR_H_
#define DDPSIM_MODELS_NVME_TARGET_COMMAND_EXECUTOR_H_

#include <cstdint>

#include "models/nvme_target/target_command.h"
#include "models/nvme_target/target_parts.h"

namespace ddpsim {

enum class ExecuteVerdict : uint8_t {
  kDone,     // cqe holds status and result
  kBackend,  // the disk works on it
  kParked,   // an asynchronous event request: no answer
};

class CommandExecutor {
 public:
  // `queue`: whom controllers know this queue by.
  CommandExecutor(TargetParts* parts, QueueIdentity* identity, TargetQueue* queue)
      : parts_(parts), id_(identity), queue_(queue) {}

  // Fills in direction, length and place on the disk, and judges what can be judged without data.
  // `capsule_data`: bytes that follow in the capsule.
  NvmeStatus Prepare(TargetCommand* command, uint32_t capsule_data) const;
  // Data that nvmet expects behind a capsule; none where the SGL asks for more than may be there.
  uint32_t InCapsuleData(const NvmeSqe& sqe) const;
  // REQUIRES: Prepare() was fine, all data is there.
  ExecuteVerdict Execute(TargetCommand* command);

 private:
  NvmeStatus CheckOpcode(const TargetCommand& command) const;
  uint32_t InCapsuleLimit(const NvmeSqe& sqe) const;
  NvmeStatus MapData(TargetCommand* command, uint32_t capsule_data) const;
  // nvmet_check_transfer_len(), before anything is done. Commands without data of their own: 0.
  NvmeStatus CheckLength(const TargetCommand& command) const;
  ExecuteVerdict ExecuteFabrics(TargetCommand* command);
  ExecuteVerdict ExecuteAdmin(TargetCommand* command);
  ExecuteVerdict ExecuteNvm(TargetCommand* command);
  NvmeStatus Connect(TargetCommand* command);
  NvmeStatus InstallQueue(TargetController* controller, const FabricsConnectSqe& connect,
                          TargetCommand* command);
  NvmeStatus PropertyGet(TargetCommand* command);
  NvmeStatus PropertySet(TargetCommand* command);
  NvmeStatus Identify(TargetCommand* command);
  NvmeStatus SetFeatures(TargetCommand* command);

  TargetParts* parts_;
  QueueIdentity* id_;
  TargetQueue* queue_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_COMMAND_EXECUTOR_H_
