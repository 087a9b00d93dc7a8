// The timers of one connection: the write timer, that RTO, TLP, RACK and zero-window probes share
// (icsk_retransmit_timer), the delayed-ACK timer, and the hrtimer of SACK compression. Only arming
// and expiry: what happens then is in rto.h and ack_policy.h.
#ifndef DDPSIM_MODELS_TCP_TIMERS_H_
#define DDPSIM_MODELS_TCP_TIMERS_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Arms the write timer `when` jiffies from now, at most `max_when` (inet_csk_reset_xmit_timer()).
void ArmXmitTimer(Tcb& t, XmitTimer what, int64_t when, int64_t max_when);
void ClearXmitTimer(Tcb& t);
// Arms the delayed-ACK timer for the absolute jiffy `expires`.
void ArmDelackTimer(Tcb& t, int64_t expires);

inline SimTime NextTimer(const Timers& timers) {
  SimTime next = timers.xmit_fire;
  if (timers.delack_fire < next) next = timers.delack_fire;
  if (timers.compressed_ack_fire < next) next = timers.compressed_ack_fire;
  return next;
}

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TIMERS_H_
