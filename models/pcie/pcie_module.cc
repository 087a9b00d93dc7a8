#include "models/pcie/pcie_module.h"

#include <cstring>

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

void PcieModule::Direction::Post(const PcieMessage& message) {
  if (queue_.empty()) deadline_.Arm(message.at);
  queue_.Push(message);
}

void PcieModule::Direction::OnDeadline(SimTime now) {
  while (!queue_.empty() && queue_.front().at <= now) {
    const PcieMessage message = queue_.front();
    queue_.Pop();
    (module_->*deliver_)(message);
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
    SIM_CHECK(is_write && size <= PcieMessage::kMaxSize);
    PcieMessage message;
    message.at = done;
    message.addr = trans.get_address();
    message.size = size;
    std::memcpy(message.data.data(), trans.get_data_ptr(), size);
    up_.Post(message);
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
  } else {
    to_memory->b_transport(trans, delay);
  }
  delay = DelayAt(done);
}

void PcieModule::FromCpu(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
  SIM_CHECK(trans.is_write() && trans.get_data_length() <= PcieMessage::kMaxSize);
  if (trans.get_extension<PostedMessage>() == nullptr) {
    trans.set_address(trans.get_address() - kBarBase);
    delay = DelayAt(link_.Mmio(LocalTime(delay)));
    to_device->b_transport(trans, delay);
    return;
  }
  PcieMessage message;
  message.at = link_.Mmio(LocalTime(delay));
  message.addr = trans.get_address() - kBarBase;
  message.size = trans.get_data_length();
  std::memcpy(message.data.data(), trans.get_data_ptr(), message.size);
  down_.Post(message);
  trans.set_response_status(tlm::TLM_OK_RESPONSE);
}

void PcieModule::DeliverUp(const PcieMessage& message) {
  PcieMessage copy = message;
  FillTransaction(&forward_, tlm::TLM_WRITE_COMMAND, copy.addr, copy.data.data(), copy.size);
  sc_core::sc_time delay = DelayAt(copy.at);
  if (copy.addr == kMsixAddress) {
    to_interrupts->b_transport(forward_, delay);
  } else {
    to_memory->b_transport(forward_, delay);
  }
}

void PcieModule::DeliverDown(const PcieMessage& message) {
  PcieMessage copy = message;
  FillTransaction(&forward_, tlm::TLM_WRITE_COMMAND, copy.addr, copy.data.data(), copy.size);
  sc_core::sc_time delay = DelayAt(copy.at);
  to_device->b_transport(forward_, delay);
}

}  // namespace ddpsim
