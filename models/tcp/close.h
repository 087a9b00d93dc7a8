// The end of a connection: FIN in both directions (RFC 9293 section 3.6), TIME_WAIT, reset.
// Left out: linger, FIN_WAIT_2 orphan rules beyond the timeout.
#ifndef DDPSIM_MODELS_TCP_CLOSE_H_
#define DDPSIM_MODELS_TCP_CLOSE_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// The application sends no more (shutdown(SHUT_WR)).
void StartClose(Tcb& t);
// close(): as above, but unread data is answered by a RST (RFC 2525 section 2.17), and so is data
// that comes later.
void CloseBothWays(Tcb& t);
// True if the segment brings data to a closed reader: the connection has been reset.
bool ResetOnLateData(Tcb& t, const Skb& skb);
// A segment for no connection (RFC 9293 section 3.10.7.1).
void AnswerWithReset(Tcb& t, const Skb& skb);
// The peer's FIN was reached in order.
void OnFin(Tcb& t);
// After an ACK: was our FIN acknowledged?
void CheckFinAcked(Tcb& t);
void OnCloseTimer(Tcb& t);
// A segment in TIME_WAIT.
void OnSegmentInTimeWait(Tcb& t, const Skb& skb);
// The peer reset us: everything is dropped, and nothing is sent.
void ResetConnection(Tcb& t);
// We give up: RST to the peer, everything is dropped.
void AbortConnection(Tcb& t);
// tcp_write_err(): the peer has not answered for too long, and is told nothing.
void GiveUpConnection(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_CLOSE_H_
