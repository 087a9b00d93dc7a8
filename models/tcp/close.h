// The end of a connection: FIN in both directions (RFC 9293 section 3.6), TIME_WAIT, reset.
// Left out: linger, FIN_WAIT_2 orphan rules beyond the timeout.
#ifndef DDPSIM_MODELS_TCP_CLOSE_H_
#define DDPSIM_MODELS_TCP_CLOSE_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// The application sends no more.
void StartClose(Tcb& t);
// The peer's FIN was reached in order.
void OnFin(Tcb& t);
// After an ACK: was our FIN acknowledged?
void CheckFinAcked(Tcb& t);
void OnCloseTimer(Tcb& t);
// A segment in TIME_WAIT.
void OnSegmentInTimeWait(Tcb& t, const Skb& skb);
// The peer reset us.
void ResetConnection(Tcb& t);
// We give up: RST to the peer, everything is dropped.
void AbortConnection(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_CLOSE_H_
