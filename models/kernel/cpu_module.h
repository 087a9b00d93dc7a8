// The host's processors as a module: interrupts in, MMIO out. What runs on them is Kernel's and,
// above it, the ULP's.
#ifndef DDPSIM_MODELS_KERNEL_CPU_MODULE_H_
#define DDPSIM_MODELS_KERNEL_CPU_MODULE_H_

#include <systemc>

#include "ddpsim/hw/dma_observer.h"
#include "ddpsim/ports/island.h"
#include "ddpsim/ports/pcie_socket.h"
#include "models/kernel/kernel.h"

namespace ddpsim {

class CpuModule : public sc_core::sc_module, private MmioPort {
 public:
  CpuModule(sc_core::sc_module_name name, Island* island, const KernelConfig& config,
            const CostTable& costs, HostMemory* memory, HostObserver* host_observer,
            DmaObserver* dma_observer);

  tlm_utils::simple_initiator_socket<CpuModule> mmio;
  tlm_utils::simple_target_socket<CpuModule> interrupts;

  // Creates the driver's queues in the NIC. REQUIRES: elaboration is over.
  void Open() { kernel_.Open(this, island_->now()); }
  Kernel& kernel() { return kernel_; }

 private:
  void OnMmioWrite(const MmioWrite& write) override;
  void OnInterrupt(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);

  Island* island_;
  DmaObserver* dma_observer_;
  tlm::tlm_generic_payload posted_;
  tlm::tlm_generic_payload command_;
  Kernel kernel_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_CPU_MODULE_H_
