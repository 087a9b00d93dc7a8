// Sending again: one skb (tcp_retransmit_skb(), cutting it to what may leave, merging small
// neighbours), or as many lost ones as cwnd and the small queue allow
// (tcp_xmit_retransmit_queue()). Left out: waiting while the original is still in the device's
// queue (skb_still_in_host_queue()).
#ifndef DDPSIM_MODELS_TCP_RETRANSMIT_H_
#define DDPSIM_MODELS_TCP_RETRANSMIT_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Sends up to `segments` MSS of sent skb `index` again. False: not allowed (outside of the window).
// The probe of TLP does not count as a retransmission in flight: `count` false.
bool RetransmitSkb(Tcb& t, size_t index, uint32_t segments, bool count = true);
void RetransmitLost(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_RETRANSMIT_H_
