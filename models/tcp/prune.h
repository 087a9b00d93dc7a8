// What happens when the receive buffer overflows: clamp the window, copy small skbs together
// (tcp_collapse()), and at last throw out-of-order data away (tcp_prune_ofo_queue()). Left out:
// global memory pressure, SACK reneging by anything else. Invariant: in-order data is never thrown
// away; skbs with another ulp_crc, or with directly placed data (keep_ulp_ddp), are never copied
// together.
#ifndef DDPSIM_MODELS_TCP_PRUNE_H_
#define DDPSIM_MODELS_TCP_PRUNE_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Makes room for `size` bytes of payload (tcp_try_rmem_schedule()). False: there is none, drop the
// segment.
bool EnsureReceiveMemory(Tcb& t, uint32_t size);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_PRUNE_H_
