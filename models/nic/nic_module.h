// The NIC as a module: frames on one side, PCIe on the other. Logic is Nic's; here is translation
// between its values and ports.
#ifndef DDPSIM_MODELS_NIC_NIC_MODULE_H_
#define DDPSIM_MODELS_NIC_NIC_MODULE_H_

#include <systemc>

#include "ddpsim/base/calendar.h"
#include "ddpsim/hw/dma_observer.h"
#include "ddpsim/ports/frame_port.h"
#include "ddpsim/ports/island.h"
#include "ddpsim/ports/pcie_socket.h"
#include "models/nic/nic.h"

namespace ddpsim {

class NicModule : public sc_core::sc_module,
                  public FrameReceiveIf,
                  public TxDepartedIf,
                  private BusMaster,
                  private Wakeable {
 public:
  NicModule(sc_core::sc_module_name name, Island* island, const NicConfig& config, FramePool* pool,
            DmaObserver* observer);

  sc_core::sc_export<FrameReceiveIf> rx;
  sc_core::sc_export<TxDepartedIf> tx_departed;
  sc_core::sc_port<FrameSendIf> tx;
  tlm_utils::simple_initiator_socket<NicModule> dma;
  tlm_utils::simple_target_socket<NicModule> bar;

  void Receive(FramePtr frame) override;
  void TxDeparted(uint64_t token) override;

  Nic& nic() { return nic_; }

 private:
  void OnDeadline(SimTime now) override;
  void OnBarAccess(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
  SimTime Write(PhysAddr addr, ByteSpan data, SimTime now) override;
  SimTime WriteMessage(PhysAddr addr, ByteSpan data, SimTime now) override;
  SimTime Read(PhysAddr addr, MutableByteSpan out, SimTime now) override;
  SimTime Transport(tlm::tlm_generic_payload* trans, SimTime now);
  // Passes on what the last call produced.
  void Flush();

  Island* island_;
  DmaObserver* observer_;
  tlm::tlm_generic_payload bulk_;
  tlm::tlm_generic_payload message_;
  Nic nic_;
  Deadline deadline_;
  std::vector<OutFrame> egress_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NIC_NIC_MODULE_H_
