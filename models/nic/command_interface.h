// Firmware: executes one command of the driver's mailbox. Mirrors mlx5_cmd_exec() seen from the
// device. Left out: see hw/command.h. Invariant: a refused command changes nothing.
#ifndef DDPSIM_NIC_COMMAND_INTERFACE_H_
#define DDPSIM_NIC_COMMAND_INTERFACE_H_

#include "ddpsim/hw/command.h"
#include "models/nic/nic_objects.h"

namespace ddpsim {

class CommandInterface {
 public:
  explicit CommandInterface(NicObjects* objects) : o_(objects) {}

  // Executes `mailbox` and fills status and object.
  void Execute(CommandMailbox* mailbox);

 private:
  CommandStatus CreateCq(const CreateCqIn& in, uint32_t* object);
  CommandStatus ModifyCq(const ModifyCqIn& in);
  CommandStatus CreateRq(const CreateRqIn& in, uint32_t* object);
  CommandStatus CreateSq(const CreateSqIn& in, uint32_t* object);
  CommandStatus CreateTagBufferTable(const CreateTagBufferTableIn& in, uint32_t* object);
  CommandStatus CreateMkey(const CreateMkeyIn& in, uint32_t* object);
  CommandStatus CreateTir(const CreateTirIn& in, uint32_t* object);
  CommandStatus SetFlowRule(const FlowRuleIn& in, uint32_t* object);
  CommandStatus SetRssTable(const SetRssTableIn& in);
  CommandStatus DestroyCq(uint32_t object);
  CommandStatus DestroySq(uint32_t object);
  CommandStatus DestroyTagBufferTable(uint32_t object);
  CommandStatus DestroyTir(uint32_t object);

  NicObjects* o_;
  uint32_t next_sq_serial_ = 1;
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_COMMAND_INTERFACE_H_
