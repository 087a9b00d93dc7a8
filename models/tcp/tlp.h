// Tail loss probe (RFC 8985 section 7, tcp_schedule_loss_probe(), tcp_send_loss_probe()): two RTTs
// after the last transmission sends something new, or the last segment again, so that the ACK shows
// what is missing before the RTO would. The timeout carries the kernel's floors: + 2 ms
// (TCP_TIMEOUT_MIN), or + rto_min with a single segment in flight.
#ifndef DDPSIM_MODELS_TCP_TLP_H_
#define DDPSIM_MODELS_TCP_TLP_H_

#include "models/tcp/ack_flags.h"
#include "models/tcp/tcb.h"

namespace ddpsim {

// Arms the probe timer if probes are in order. `advancing`: the RTO counts from now, not from the
// oldest transmission.
bool ScheduleLossProbe(Tcb& t, bool advancing);
void SendLossProbe(Tcb& t);
// Did the outstanding probe repair a loss? Then the loss counts once for the window.
void ProcessTlpAck(Tcb& t, SeqNum ack, const AckSample& sample);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TLP_H_
