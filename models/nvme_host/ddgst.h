// The data digest of the PDU being received: mirrors nvme_tcp_queue's rcv_hash, exp_ddgst,
// recv_ddgst and, of the offload series, ddgst_valid (nvme_tcp_ddp_ddgst_update/_ok/_recalc). Left
// out: ahash requests. Invariants: with the offload on, a PDU counts as verified by the NIC only if
// each skb with a byte of its data or digest said so; else software recalculates over the whole
// request's buffer, whatever part of it this PDU was (as all versions of the series do).
#ifndef DDPSIM_MODELS_NVME_HOST_DDGST_H_
#define DDPSIM_MODELS_NVME_HOST_DDGST_H_

#include <cstdint>

#include "ddpsim/base/bytes.h"
#include "ddpsim/net/exec_context.h"
#include "models/mem/llc.h"
#include "models/nvme_host/request.h"

namespace ddpsim {

class RxDigest {
 public:
  // NVME_TCP_Q_OFF_DDGST_RX.
  void set_offload(bool offload) { offload_ = offload; }
  bool offload() const { return offload_; }

  void StartPdu() {
    nic_verified_ = offload_;
    crc_ = 0;
    received_size_ = 0;
  }
  // An skb holds bytes of this PDU's data or digest.
  void OnSkb(bool ulp_crc) { nic_verified_ &= ulp_crc; }
  // Software: goes on with bytes that were just copied and are in the cache.
  void Update(uint32_t crc) { crc_ = crc; }
  uint32_t crc() const { return crc_; }

  uint32_t missing() const { return kDigestSize - received_size_; }
  // Where the next missing bytes of the received digest go.
  uint8_t* Receive(uint32_t n) {
    uint8_t* at = received_ + received_size_;
    received_size_ += n;
    return at;
  }
  uint32_t received() const { return LoadLe32(received_); }
  bool nic_verified() const { return nic_verified_; }

  // Makes crc() that of the request's whole buffer, and charges a pass over it, in cache or not.
  void Recalculate(ExecContext& ctx, Llc* llc, const Request& request);

 private:
  bool offload_ = false;
  bool nic_verified_ = false;
  uint32_t crc_ = 0;
  uint8_t received_[kDigestSize] = {};
  uint32_t received_size_ = 0;
};

// Charges the digest of `size` bytes at `addr`, by what of them is in the LLC.
void ChargeDigest(ExecContext& ctx, Llc* llc, PhysAddr addr, uint32_t size);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_DDGST_H_
