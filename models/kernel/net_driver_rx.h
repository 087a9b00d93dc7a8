// From receive CQE to skb: takes the packet apart and sets its checksum state. Mirrors
// mlx5e_skb_from_cqe_linear() and mlx5e_handle_csum() (Linux 6.1 en_rx.c). The skb's payload points
// into the RX buffer, which it keeps alive. Left out: XDP, VLAN acceleration, CHECKSUM_COMPLETE
// (the NIC's L4 verdict is taken instead). Invariant: an skb is either checked by the NIC, or by
// software here, at the price of its bytes.
#ifndef DDPSIM_MODELS_KERNEL_NET_DRIVER_RX_H_
#define DDPSIM_MODELS_KERNEL_NET_DRIVER_RX_H_

#include "ddpsim/hw/cqe.h"
#include "ddpsim/net/exec_context.h"
#include "ddpsim/net/skb.h"
#include "models/kernel/gro.h"
#include "models/kernel/rx_buffer_pool.h"

namespace ddpsim {

// Fills *out; false when the packet is not TCP/IPv4 and is dropped (protocols above are left out).
// *payload_offset: where the TCP payload begins in the packet.
bool BuildRxPacket(ExecContext& ctx, const Cqe64& cqe, RefPtr<RxBuffer> buffer,
                   const RxBufferGeometry& geometry, SkbPool* pool, RxPacket* out,
                   uint32_t* payload_offset);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NET_DRIVER_RX_H_
