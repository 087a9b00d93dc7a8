// Host memory as a TLM-2.0 target. Logic and bytes are HostMemory's.
#ifndef DDPSIM_MODELS_MEM_MEMORY_MODULE_H_
#define DDPSIM_MODELS_MEM_MEMORY_MODULE_H_

#include <systemc>

#include "ddpsim/hw/dma_observer.h"
#include "ddpsim/ports/island.h"
#include "ddpsim/ports/pcie_socket.h"
#include "models/mem/host_memory.h"
#include "models/mem/llc.h"

namespace ddpsim {

class MemoryModule : public sc_core::sc_module {
 public:
  MemoryModule(sc_core::sc_module_name name, HostMemory* memory, Llc* llc, DmaObserver* observer);

  tlm_utils::simple_target_socket<MemoryModule> bus;

 private:
  void Transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);

  HostMemory* memory_;
  Llc* llc_;
  DmaObserver* observer_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_MEM_MEMORY_MODULE_H_
