#include "models/tcp/timers.h"

#include <algorithm>

namespace ddpsim {

void ArmXmitTimer(Tcb& t, XmitTimer what, int64_t when, int64_t max_when) {
  const int64_t expires = t.clock.jiffies() + std::min(when, max_when);
  t.timers.pending = what;
  t.timers.xmit_expires = expires;
  t.timers.xmit_fire = t.clock.WheelExpiry(expires);
}

void ClearXmitTimer(Tcb& t) {
  t.timers.pending = XmitTimer::kNone;
  t.timers.xmit_fire = SimTime::Never();
}

void ArmDelackTimer(Tcb& t, int64_t expires) {
  t.timers.delack_expires = expires;
  t.timers.delack_fire = t.clock.WheelExpiry(expires);
}

}  // namespace ddpsim
