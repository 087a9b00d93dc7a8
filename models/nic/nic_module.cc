#include "models/nic/nic_module.h"

#include <utility>

namespace ddpsim {

NicModule::NicModule(sc_core::sc_module_name name, Island* island, const NicConfig& config,
                     FramePool* pool, DmaObserver* observer)
    : sc_module(name),
      rx("rx"),
      tx_departed("tx_departed"),
      tx("tx"),
      dma("dma"),
      bar("bar"),
      island_(island),
      observer_(observer),
      nic_(config, this, pool),
      deadline_(&island->calendar(), this) {
  rx.bind(*this);
  tx_departed.bind(*this);
  bar.register_b_transport(this, &NicModule::OnBarAccess);
  message_.set_extension(new PostedMessage);
}

void NicModule::Receive(FramePtr frame) {
  nic_.OnFrame(std::move(frame), island_->now());
  Flush();
}

void NicModule::TxDeparted(uint64_t token) {
  nic_.OnFrameDeparted(token, island_->now());
  Flush();
}

void NicModule::OnDeadline(SimTime now) {
  nic_.OnTimer(now);
  Flush();
}

void NicModule::OnBarAccess(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
  const uint64_t value = LoadLe64(trans.get_data_ptr());
  delay = DelayAt(nic_.OnMmioWrite(trans.get_address(), value, LocalTime(delay)));
  trans.set_response_status(tlm::TLM_OK_RESPONSE);
  Flush();
}

void NicModule::Flush() {
  if (!nic_.egress().empty()) {
    // Taken out first: the link may call back.
    egress_.swap(nic_.egress());
    for (OutFrame& frame : egress_) tx->Send(std::move(frame));
    egress_.clear();
  }
  for (size_t i = 0; i < nic_.pauses().size(); ++i) tx->SendPause(nic_.pauses()[i].xoff);
  nic_.pauses().clear();
  deadline_.Arm(nic_.NextDeadline());
}

SimTime NicModule::Transport(tlm::tlm_generic_payload* trans, SimTime now) {
  const SimTime present = FromScTime(sc_core::sc_time_stamp());
  sc_core::sc_time delay = ToScTime(now - present);
  dma->b_transport(*trans, delay);
  return present + FromScTime(delay);
}

SimTime NicModule::Write(PhysAddr addr, ByteSpan data, SimTime now) {
  FillTransaction(&bulk_, tlm::TLM_WRITE_COMMAND, addr, const_cast<uint8_t*>(data.data()),
                  static_cast<uint32_t>(data.size()));
  const SimTime done = Transport(&bulk_, now);
  observer_->OnPosted(addr, data, false, now, done);
  return done;
}

SimTime NicModule::WriteMessage(PhysAddr addr, ByteSpan data, SimTime now) {
  FillTransaction(&message_, tlm::TLM_WRITE_COMMAND, addr, const_cast<uint8_t*>(data.data()),
                  static_cast<uint32_t>(data.size()));
  const SimTime done = Transport(&message_, now);
  observer_->OnPosted(addr, data, true, now, done);
  return done;
}

SimTime NicModule::Read(PhysAddr addr, MutableByteSpan out, SimTime now) {
  FillTransaction(&bulk_, tlm::TLM_READ_COMMAND, addr, out.data(),
                  static_cast<uint32_t>(out.size()));
  return Transport(&bulk_, now);
}

}  // namespace ddpsim
