#include "ddpsim/ports/island.h"

namespace ddpsim {

Island::Island(sc_core::sc_module_name name) : sc_module(name) {
  SC_METHOD(Run);
  sensitive << wake_;
}

SimTime Island::LookAhead() const {
  if (!sc_core::sc_pending_activity()) return SimTime::Never() - SimTime::Ps(1);
  return FromScTime(sc_core::sc_time_stamp() + sc_core::sc_time_to_pending_activity()) - SimTime::Ps(1);
}

void Island::Run() {
  running_ = true;
  SimTime limit = LookAhead();
  // Activity due in this very instant (a delta cycle) still lets the island serve the present.
  const SimTime present = FromScTime(sc_core::sc_time_stamp());
  if (limit < present) limit = present;
  while (!stopped_) {
    Wakeable* const who = calendar_.PopDue(limit, &now_);
    if (who == nullptr) break;
    ++wakeups_;
    who->OnDeadline(now_);
  }
  running_ = false;
  const SimTime next = calendar_.PeekTime();
  if (!stopped_ && !next.is_never()) wake_.notify(ToScTime(next - present));
}

}  // namespace ddpsim
