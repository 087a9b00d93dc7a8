#include "models/mem/memory_module.h"

#include <cstring>

namespace ddpsim {

MemoryModule::MemoryModule(sc_core::sc_module_name name, HostMemory* memory, Llc* llc,
                           DmaObserver* observer)
    : sc_module(name), bus("bus"), memory_(memory), llc_(llc), observer_(observer) {
  bus.register_b_transport(this, &MemoryModule::Transport);
}

void MemoryModule::Transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
  const PhysAddr addr = trans.get_address();
  const uint32_t size = trans.get_data_length();
  uint8_t* const bytes = memory_->At(addr, size);
  if (trans.is_write()) {
    std::memcpy(bytes, trans.get_data_ptr(), size);
    llc_->TouchByDevice(addr, size);
    const bool is_message = trans.get_extension<PostedMessage>() != nullptr;
    observer_->OnDmaWrite(addr, ByteSpan(bytes, size), is_message, LocalTime(delay));
  } else {
    std::memcpy(trans.get_data_ptr(), bytes, size);
    observer_->OnDmaRead(addr, size, LocalTime(delay));
  }
  trans.set_response_status(tlm::TLM_OK_RESPONSE);
}

}  // namespace ddpsim
