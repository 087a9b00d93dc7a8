#include "models/kernel/mmio_outbox.h"

#include <algorithm>

#include "ddpsim/base/check.h"

namespace ddpsim {

void MmioOutbox::Post(const MmioWrite& write) {
  const auto place = std::lower_bound(pending_.begin(), pending_.end(), write.at,
                                      [](const MmioWrite& w, SimTime at) { return w.at > at; });
  pending_.insert(place, write);
  if (!delivering_) deadline_.Arm(pending_.back().at);
}

void MmioOutbox::WriteNow(const MmioWrite& write) {
  SIM_CHECK(port_ != nullptr, "no MMIO port");
  port_->OnMmioWrite(write);
}

void MmioOutbox::OnDeadline(SimTime now) {
  SIM_CHECK(port_ != nullptr, "no MMIO port");
  delivering_ = true;
  while (!pending_.empty() && pending_.back().at <= now) {
    const MmioWrite write = pending_.back();
    pending_.pop_back();
    port_->OnMmioWrite(write);
  }
  delivering_ = false;
  deadline_.Arm(pending_.empty() ? SimTime::Never() : pending_.back().at);
}

}  // namespace ddpsim
