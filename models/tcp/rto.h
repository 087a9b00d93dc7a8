// The retransmission timeout (RFC 6298) and what else the write timer does: F-RTO (RFC 5682),
// entering Loss, exponential backoff, zero-window probes. Mirrors tcp_write_timer_handler(),
// tcp_retransmit_timer(), tcp_enter_loss(), tcp_rearm_rto(), tcp_probe_timer(),
// tcp_rack_reo_timeout(). Left out: orphan limits, thin streams.
#ifndef DDPSIM_MODELS_TCP_RTO_H_
#define DDPSIM_MODELS_TCP_RTO_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// us from now until the oldest transmission is one RTO old.
int64_t RtoDeltaUs(const Tcb& t);
void RearmRto(Tcb& t);
// After an ACK moved snd_una: the probe timer if possible, else the RTO.
void SetXmitTimer(Tcb& t);
// The write timer has expired.
void OnXmitTimer(Tcb& t);
// After an ACK with nothing in flight: is the window still closed?
void UpdateProbeTimer(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_RTO_H_
