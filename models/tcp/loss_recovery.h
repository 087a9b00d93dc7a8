// The congestion states Open, Disorder, CWR, Recovery, Loss, and how an ACK moves between them
// (tcp_fastretrans_alert() cut into its steps): leave a finished state, try to undo, identify
// losses, enter Recovery. Left out: MTU probes.
#ifndef DDPSIM_MODELS_TCP_LOSS_RECOVERY_H_
#define DDPSIM_MODELS_TCP_LOSS_RECOVERY_H_

#include "models/tcp/ack_flags.h"
#include "models/tcp/tcb.h"

namespace ddpsim {

// The ACK is a duplicate, SACKs something or arrives outside of Open. Sets sample->rexmit.
void OnDubiousAck(Tcb& t, AckSample* sample);
// `ece`: a congestion mark is among the reasons, so that nothing may be undone.
void EnterRecovery(Tcb& t, bool ece);
// The timer of a delayed early retransmit (linux_3_11.h).
void OnEarlyRetransmitTimer(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_LOSS_RECOVERY_H_
