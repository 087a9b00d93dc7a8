// The driver's way to the firmware: mirrors mlx5_cmd_exec() with its mailbox. Left out: many
// commands in flight, time-outs; the caller waits, and the wait itself is not charged (the real one
// sleeps).
#ifndef DDPSIM_MODELS_KERNEL_COMMAND_CHANNEL_H_
#define DDPSIM_MODELS_KERNEL_COMMAND_CHANNEL_H_

#include "ddpsim/hw/command.h"
#include "models/kernel/mmio_outbox.h"
#include "models/mem/host_memory.h"

namespace ddpsim {

class CommandChannel {
 public:
  CommandChannel(HostMemory* memory, MmioOutbox* outbox);
  // Runs one command; *box comes back with status and object number.
  CommandStatus Execute(CommandMailbox* box, SimTime now);
  CommandStatus Destroy(CommandOpcode opcode, uint32_t object, SimTime now);

 private:
  HostMemory* memory_;
  MmioOutbox* outbox_;
  PhysAddr mailbox_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_COMMAND_CHANNEL_H_
