#include "ddpsim/ports/island.h"

#include <algorithm>

namespace ddpsim {

Island::Island(sc_core::sc_module_name name) : sc_module(name) {
  SC_METHOD(Run);
  sensitive << wake_;
}

SimTime Island::LookAhead() const {
  constexpr SimTime kUnlimited = SimTime::Never() - SimTime::Ps(1);
  // Without any activity pending this is sc_max_time(), beyond every SimTime.
  const uint64_t next =
      sc_core::sc_time_stamp().value() + sc_core::sc_time_to_pending_activity(simcontext()).value();
  if (next > static_cast<uint64_t>(kUnlimited.ps())) return kUnlimited;
  return SimTime::Ps(static_cast<int64_t>(next)) - SimTime::Ps(1);
}

void Island::Run() {
  running_ = true;
  const SimTime present = FromScTime(sc_core::sc_time_stamp());
  while (!stopped_) {
    // Anew for each wake-up: the one before may have called a foreign module, which notified an
    // event. Activity due in this very instant (a delta cycle) still lets the island serve the
    // present.
    const SimTime limit = std::max(LookAhead(), present);
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
