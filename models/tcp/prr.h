// Proportional rate reduction (RFC 6937 / 9937) and the other ways cwnd comes down: CWR, and its
// end. Per ACK it allows ceil(prr_delivered * ssthresh / prior_cwnd) - prr_out segments while more
// than ssthresh are in flight, else catches up.
#ifndef DDPSIM_MODELS_TCP_PRR_H_
#define DDPSIM_MODELS_TCP_PRR_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

void InitCwndReduction(Tcb& t);
// `delivered` segments were newly delivered, `lost` newly marked lost by this ACK.
void ReduceCwnd(Tcb& t, int32_t delivered, uint32_t lost, bool snd_una_advanced);
void EndCwndReduction(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_PRR_H_
