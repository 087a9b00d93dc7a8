// The PCIe link between the NIC and the root complex. Posted writes and reads from the device go up
// to memory, MSI-X messages to the CPU, MMIO writes from the CPU down to the device's BAR. Timing
// is PcieLink's; here is only translation and order. Bulk data is stored at once with its delay
// annotated; messages (CQE, MSI-X, doorbells) wait for their time in a FIFO. An MMIO write that is
// no message (a firmware command, whose caller looks at the answer next) goes through at once. Left
// out: several devices, read tags, relaxed ordering, errors. Invariant: messages and data arrive in
// the order in which they were posted.
#ifndef DDPSIM_MODELS_PCIE_PCIE_MODULE_H_
#define DDPSIM_MODELS_PCIE_PCIE_MODULE_H_

#include <array>
#include <cstdint>
#include <systemc>

#include "ddpsim/base/calendar.h"
#include "ddpsim/ports/island.h"
#include "ddpsim/ports/pcie_socket.h"
#include "models/pcie/message_queue.h"
#include "models/pcie/pcie_link.h"

namespace ddpsim {

class PcieModule : public sc_core::sc_module {
 public:
  PcieModule(sc_core::sc_module_name name, Island* island, const PcieConfig& config);

  tlm_utils::simple_target_socket<PcieModule> from_device;
  tlm_utils::simple_initiator_socket<PcieModule> to_memory;
  tlm_utils::simple_initiator_socket<PcieModule> to_interrupts;
  tlm_utils::simple_target_socket<PcieModule> from_cpu;
  tlm_utils::simple_initiator_socket<PcieModule> to_device;

  const PcieLink& link() const { return link_; }
  // No message is on its way, up or down.
  bool quiet() const { return up_.quiet() && down_.quiet(); }

 private:
  // Serves one of the two message queues when its head is due.
  class Direction : public Wakeable {
   public:
    Direction(PcieModule* module, void (PcieModule::*deliver)(PcieMessage*))
        : module_(module), deliver_(deliver), deadline_(&module->island_->calendar(), this) {}
    void Post(tlm::tlm_generic_payload& trans, PhysAddr addr, SimTime at);
    void OnDeadline(SimTime now) override;
    bool quiet() const { return queue_.empty(); }

   private:
    PcieModule* module_;
    void (PcieModule::*deliver_)(PcieMessage*);
    MessageQueue queue_;
    Deadline deadline_;
  };

  void FromDevice(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
  void FromCpu(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
  void DeliverUp(PcieMessage* message);
  void DeliverDown(PcieMessage* message);
  // Makes forward_ that of `message`; returns the delay to send it with.
  sc_core::sc_time Forward(PcieMessage* message);

  Island* island_;
  PcieLink link_;
  Direction up_;
  Direction down_;
  tlm::tlm_generic_payload forward_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_PCIE_PCIE_MODULE_H_
