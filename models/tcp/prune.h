// What happens when the receive buffer overflows (tcp_prune_queue()): clamp the window, copy skbs
// together (collapse.h), and at last throw out-of-order data away (tcp_prune_ofo_queue()). Left
// out: global memory pressure, SACK reneging by anything else. Invariant: in-order data is never
// thrown away.
#ifndef DDPSIM_MODELS_TCP_PRUNE_H_
#define DDPSIM_MODELS_TCP_PRUNE_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Makes room for the segment (tcp_try_rmem_schedule()). False: there is none, drop it.
bool EnsureReceiveMemory(Tcb& t, const Skb& newcomer);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_PRUNE_H_
