// Copies a run of received skbs tightly into pages, to get rid of their overhead (tcp_collapse()
// and tcp_collapse_ofo_queue()). Left out: mptcp, unreadable frags. Invariants: no byte that
// software has not read is lost; bytes are copied only from skbs without FIN, with one ulp_crc, and
// (keep_ulp_ddp) never from skbs with directly placed data.
#ifndef DDPSIM_MODELS_TCP_COLLAPSE_H_
#define DDPSIM_MODELS_TCP_COLLAPSE_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

void CollapseOutOfOrder(Tcb& t);
void CollapseReceiveQueue(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_COLLAPSE_H_
