#include <algorithm>

#include "ddpsim/ports/island.h"

namespace ddpsim {

Island::Island(sc_core::sc_module_name name) : sc_module(name) {
  SC_METHOD(Run);
  sensitive << wake_;
}

SimTime Island::LookAhead(SimTime present) const {
  const sc_core::sc_simcontext* const context = simcontext();
  // Activity due in this very instant (a delta cycle) lets the island serve the present and no
  // more. Once the island is ahead of it, nobody may notify anything for this instant any longer.
  if (now_ <= present && sc_core::sc_pending_activity_at_current_time(context)) return present;
  sc_core::sc_time next;
  constexpr SimTime kUnlimited = SimTime::Never() - SimTime::Ps(1);
  // sc_max_time(), for which idle processes wait, is beyond every SimTime.
  if (!context->next_time(next) || next.value() > static_cast<uint64_t>(kUnlimited.ps())) {
    return kUnlimited;
  }
  return std::max(FromScTime(next) - SimTime::Ps(1), present);
}

void Island::Run() {
  running_ = true;
  const SimTime present = FromScTime(sc_core::sc_time_stamp());
  now_ = present;
  while (!stopped_) {
    // Looks ahead anew for each wake-up: the one before may have called a foreign module, which
    // notified an event.
    Wakeable* const who = calendar_.PopDue(LookAhead(present), &now_);
    if (who == nullptr) break;
    ++wakeups_;
    who->OnDeadline(now_);
  }
  running_ = false;
  const SimTime next = calendar_.PeekTime();
  if (!stopped_ && !next.is_never()) wake_.notify(ToScTime(next - present));
}

}  // namespace ddpsim
