#include "models/kernel/cpu_module.h"

#include "ddpsim/hw/doorbell.h"

namespace ddpsim {

CpuModule::CpuModule(sc_core::sc_module_name name, Island* island, const KernelConfig& config,
                     const CostTable& costs, HostMemory* memory, HostObserver* host_observer,
                     DmaObserver* dma_observer)
    : sc_module(name),
      mmio("mmio"),
      interrupts("interrupts"),
      island_(island),
      dma_observer_(dma_observer),
      kernel_(config, costs, memory, &island->calendar(), host_observer) {
  interrupts.register_b_transport(this, &CpuModule::OnInterrupt);
  posted_.set_extension(new PostedMessage);
}

void CpuModule::OnMmioWrite(const MmioWrite& write) {
  uint8_t value[8];
  StoreLe64(value, write.value);
  // The driver looks at a command's mailbox next: that write is waited for.
  const bool is_command = DoorbellKindOf(write.offset) == DoorbellKind::kCommand;
  tlm::tlm_generic_payload& trans = is_command ? command_ : posted_;
  FillTransaction(&trans, tlm::TLM_WRITE_COMMAND, kBarBase + write.offset, value, sizeof(value));
  sc_core::sc_time delay = DelayAt(island_->now());
  mmio->b_transport(trans, delay);
}

void CpuModule::OnInterrupt(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
  const uint32_t vector = LoadLe32(trans.get_data_ptr());
  const SimTime now = LocalTime(delay);
  dma_observer_->OnInterrupt(vector, now);
  trans.set_response_status(tlm::TLM_OK_RESPONSE);
  kernel_.OnMsix(vector, now);
}

}  // namespace ddpsim
