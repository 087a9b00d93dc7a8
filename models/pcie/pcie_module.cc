#include "models/pcie/pcie_module.h"

#include "ddpsim/base/check.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {

PcieModule::PcieModule(sc_core::sc_module_name name, Island* island, const PcieConfig& config)
    : sc_module(name),
      from_device("from_device"),
      to_memory("to_memory"),
      to_interrupts("to_interrupts"),
      from_cpu("from_cpu"),
      to_device("to_device"),
      island_(island),
      link_(config),
      up_(this, &PcieModule::DeliverUp),
      down_(this, &PcieModule::DeliverDown) {
  from_device.register_b_transport(this, &PcieModule::FromDevice);
  from_cpu.register_b_transport(this, &PcieModule::FromCpu);
  forward_.set_extension(new PostedMessage);
}

void PcieModule::Direction::Post(tlm::tlm_generic_payload& trans, PhysAddr addr, SimTime at) {
  if (queue_.empty()) deadline_.Arm(at);
  queue_.Push(at, addr, trans.get_data_ptr(), trans.get_data_length());
  trans.set_response_status(tlm::TLM_OK_RESPONSE);
}

void PcieModule::Direction::OnDeadline(SimTime now) {
  PcieMessage message;
  while (!queue_.empty() && queue_.front().at <= now) {
    queue_.Pop(&message);
    (module_->*deliver_)(&message);
  }
  deadline_.Arm(queue_.empty() ? SimTime::Never() : queue_.front().at);
}

void PcieModule::FromDevice(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
  const SimTime now = LocalTime(delay);
  const uint32_t size = trans.get_data_length();
  const bool is_write = trans.is_write();
  const SimTime done = is_write ? link_.PostedWrite(size, now) : link_.Read(size, now);
  const bool is_message = trans.get_extension<PostedMessage>() != nullptr;
  if (is_message) {
    SIM_CHECK(is_write);
    up_.Post(trans, trans.get_address(), done);
  } else {
    to_memory->b_transport(trans, delay);
  }
  delay = DelayAt(done);
}

void PcieModule::FromCpu(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
  SIM_CHECK(trans.is_write() && trans.get_data_length() <= PcieMessage::kMaxSize);
  const PhysAddr register_offset = trans.get_address() - kBarBase;
  if (trans.get_extension<PostedMessage>() == nullptr) {
    trans.set_address(register_offset);
    delay = DelayAt(link_.Mmio(LocalTime(delay)));
    to_device->b_transport(trans, delay);
    return;
  }
  down_.Post(trans, register_offset, link_.Mmio(LocalTime(delay)));
}

void PcieModule::DeliverUp(PcieMessage* message) {
  sc_core::sc_time delay = Forward(message);
  if (message->addr == kMsixAddress) {
    to_interrupts->b_transport(forward_, delay);
  } else {
    to_memory->b_transport(forward_, delay);
  }
}

void PcieModule::DeliverDown(PcieMessage* message) {
  sc_core::sc_time delay = Forward(message);
  to_device->b_transport(forward_, delay);
}

sc_core::sc_time PcieModule::Forward(PcieMessage* message) {
  FillTransaction(&forward_, tlm::TLM_WRITE_COMMAND, message->addr, message->data.data(),
                  message->size);
  return DelayAt(message->at);
}

}  // namespace ddpsim
