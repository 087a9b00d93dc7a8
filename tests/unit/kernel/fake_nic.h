// A NIC small enough to read in one go, for tests of the driver: answers commands, remembers
// doorbells, executes send and ICOSQ WQEs at once, and lets the test write receive CQEs. Everything
// it knows comes from host memory and the BAR.
#ifndef DDPSIM_TESTS_UNIT_KERNEL_FAKE_NIC_H_
#define DDPSIM_TESTS_UNIT_KERNEL_FAKE_NIC_H_

#include <functional>
#include <map>
#include <vector>

#include "ddpsim/hw/command.h"
#include "ddpsim/hw/cqe.h"
#include "ddpsim/hw/wqe.h"
#include "models/kernel/mmio_outbox.h"
#include "models/mem/host_memory.h"

namespace ddpsim {

class FakeNic : public MmioPort {
 public:
  struct Cq {
    CreateCqIn in;
    uint32_t producer = 0;
    uint32_t consumer = 0;
    bool armed = false;
  };
  struct Rq {
    CreateRqIn in;
    uint32_t producer = 0;
    uint32_t taken = 0;
  };
  struct Sq {
    CreateSqIn in;
    uint16_t done = 0;
  };
  struct Wqe {
    uint32_t sqn;
    std::vector<uint8_t> bytes;
    WqeCtrlSegment ctrl() const;
  };

  explicit FakeNic(HostMemory* memory) : memory_(memory) {}
  void OnMmioWrite(const MmioWrite& write) override;

  // Writes the packet into the next posted buffer and its CQE; `fill` may set more fields.
  // Interrupts if armed.
  void Receive(uint32_t rqn, ByteSpan frame,
               std::function<void(Cqe64*, CqeNvmeotcp*)> fill = nullptr);
  // Completes the WQE; interrupts if armed.
  void CompleteSend(const Wqe& wqe);

  std::function<void(uint32_t vector)> interrupt;
  std::function<void(const Wqe&)> on_wqe;        // after it was recorded, before its CQE
  bool hold_completions = false;                 // leave CQEs of send queues to the test
  CommandStatus fail_next = CommandStatus::kOk;  // answer to the next command if not kOk
  CommandOpcode fail_opcode{};
  std::map<uint32_t, Cq> cqs;
  std::map<uint32_t, Rq> rqs;
  std::map<uint32_t, Sq> sqs;
  std::vector<CommandMailbox> commands;
  std::vector<Wqe> wqes;

 private:
  void OnCommand(PhysAddr mailbox);
  void OnSqDoorbell(uint32_t sqn, uint16_t producer);
  void WriteCqe(uint32_t cqn, Cqe64 cqe, const CqeNvmeotcp& part);

  HostMemory* memory_;
  uint32_t next_object_ = 1;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_KERNEL_FAKE_NIC_H_
