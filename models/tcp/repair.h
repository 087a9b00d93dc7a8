// A connection that takes over where another endpoint stands (TCP_REPAIR: tcp_repair_connect() and
// the queue sequence options of Linux), to receive what that endpoint received. It sends nothing of
// its own that anybody would acknowledge: what the peer acknowledges, the other endpoint sent.
// Timestamps stay off and the window is as large as the buffer, because the other endpoint has
// judged every segment already. Invariant: receiving behaves as on any established connection.
#ifndef DDPSIM_MODELS_TCP_REPAIR_H_
#define DDPSIM_MODELS_TCP_REPAIR_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// REQUIRES: the connection is closed and new. `rcv_nxt`: the next byte from the peer.
void TakeOver(Tcb& t, SeqNum snd_nxt, SeqNum rcv_nxt);
// The other endpoint has sent everything before `seq`. REQUIRES: TakeOver(); nothing was written.
void AssumeSent(Tcb& t, SeqNum seq);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_REPAIR_H_
