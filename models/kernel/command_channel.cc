#include "models/kernel/command_channel.h"

#include "ddpsim/base/check.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {
namespace {

constexpr CommandStatus kUnanswered = static_cast<CommandStatus>(0xffff'ffff);

}  // namespace

CommandChannel::CommandChannel(HostMemory* memory, MmioOutbox* outbox)
    : memory_(memory), outbox_(outbox), mailbox_(memory->Allocate(sizeof(CommandMailbox))) {}

CommandStatus CommandChannel::Execute(CommandMailbox* box, SimTime now) {
  box->status = kUnanswered;
  uint8_t* bytes = memory_->At(mailbox_, sizeof(*box));
  std::memcpy(bytes, box, sizeof(*box));
  outbox_->WriteNow({DoorbellOffset(DoorbellKind::kCommand, 0), mailbox_, now});
  std::memcpy(box, bytes, sizeof(*box));
  SIM_CHECK(box->status != kUnanswered, "the firmware did not answer a command");
  return box->status;
}

CommandStatus CommandChannel::Destroy(CommandOpcode opcode, uint32_t object, SimTime now) {
  CommandMailbox box{};
  box.opcode = opcode;
  box.destroy = {object};
  return Execute(&box, now);
}

}  // namespace ddpsim
