#include "models/pcie/pcie_link.h"

namespace ddpsim {

SimTime PcieLink::PostedWrite(uint64_t bytes, SimTime now) {
  const SimTime occupied = timing_.Write(bytes);
  up_free_ = Later(up_free_, now) + occupied;
  usage_.up_busy += occupied;
  ++usage_.posted_writes;
  usage_.posted_bytes += static_cast<int64_t>(bytes);
  return up_free_ + posted_;
}

SimTime PcieLink::Read(uint64_t bytes, SimTime now) {
  const SimTime request = timing_.ReadRequests(bytes);
  const SimTime completions = timing_.Completions(bytes);
  up_free_ = Later(up_free_, now) + request;
  down_free_ = Later(down_free_, up_free_ + read_) + completions;
  usage_.up_busy += request;
  usage_.down_busy += completions;
  ++usage_.reads;
  usage_.read_bytes += static_cast<int64_t>(bytes);
  return down_free_;
}

SimTime PcieLink::Mmio(SimTime now) {
  // A register write does not wait for completions that are reserved ahead of it; they are put off
  // by its few bytes.
  const SimTime occupied = timing_.Write(8);
  mmio_free_ = Later(mmio_free_, now) + occupied;
  if (down_free_ > now) down_free_ += occupied;
  usage_.down_busy += occupied;
  ++usage_.mmio_writes;
  return mmio_free_ + mmio_;
}

}  // namespace ddpsim
