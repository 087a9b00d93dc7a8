// Mirrors struct sk_buff on the receive side: the TCP payload of one packet, or of several that
// GRO, the backlog or tcp_try_coalesce() merged, as a list of frags in stream order, with the bits
// that the offload adds to it. Left out: the network headers (already parsed into the TCP fields
// here), the linear part as such (a frag like the others), shared skb_shinfo (an skb has one owner
// at a time). Invariants: (1) the frags' sizes sum up to `size`; (2) seq .. seq + size is this
// skb's stream range (FIN excluded); (3) `ulp_crc` of a merged skb is that of every part (so long
// as the merging code obeys tcp_skb_can_collapse_rx()).
#ifndef DDPSIM_NET_SKB_H_
#define DDPSIM_NET_SKB_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "ddpsim/base/payload.h"
#include "ddpsim/base/seq_num.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/wire/tcp_segment.h"

namespace ddpsim {

class SkbPool;

struct Skb {
  // Of the (first) packet; after a merge: ack, window, options of the last one.
  TcpHeader tcp;
  SeqNum seq;                      // first payload byte
  uint32_t size = 0;               // payload bytes
  std::vector<Payload> frags;      // capacity survives recycling
  uint32_t truesize = 0;           // memory accounted to the socket, as skb->truesize
  uint32_t tailroom = 0;           // of a linear skb: room behind its bytes (skb_tailroom())
  uint32_t segments = 1;           // packets merged into this skb (gso_segs)
  uint8_t ip_ecn = kIpNotEct;      // of the IP header
  uint32_t gso_size = 0;           // payload of one packet when GRO merged several, else 0
  bool ulp_crc = false;            // the NIC verified every digest in this skb's bytes
  bool ulp_ddp = false;            // some frag aliases a request's page: must not be condensed
  bool checksum_verified = false;  // CHECKSUM_UNNECESSARY: the NIC found the TCP checksum right
  bool bad_checksum = false;  // software found the TCP checksum wrong: TCP must drop and count it
  SimTime received_at;        // when NAPI took it from the ring

  SeqNum end_seq() const { return seq + size; }

  Skb* next_free = nullptr;  // SkbPool's free list
  SkbPool* pool = nullptr;
};

struct SkbRecycler {
  void operator()(Skb* skb) const;
};
using SkbPtr = std::unique_ptr<Skb, SkbRecycler>;

// Recycles skbs and their frag vectors. REQUIRES: outlives every skb it gave out.
class SkbPool {
 public:
  SkbPool() = default;
  SkbPool(const SkbPool&) = delete;
  SkbPool& operator=(const SkbPool&) = delete;
  ~SkbPool();

  SkbPtr Allocate();
  int64_t live() const { return live_; }

 private:
  friend struct SkbRecycler;
  Skb* free_ = nullptr;
  int64_t live_ = 0;
};

// truesize of an skb whose linear part holds `bytes` (headroom included): a slab object with struct
// skb_shared_info behind, and struct sk_buff (Linux v6.3+ net/core/skbuff.c kmalloc_reserve(),
// x86-64 without wireless).
uint32_t LinearTruesize(uint32_t bytes);
// Room behind `bytes` in such an skb.
uint32_t LinearTailroom(uint32_t bytes);
// Drops the first `count` bytes of the skb's payload: seq advances, frags shrink. REQUIRES: count
// <= skb->size.
void SkbPull(Skb* skb, uint32_t count);
// Keeps the first `count` bytes. REQUIRES: count <= skb->size.
void SkbTrim(Skb* skb, uint32_t count);
// Copies payload bytes [offset, offset + out.size()) as skb_copy_bits() does. REQUIRES: the range
// lies in the skb.
void SkbCopyBits(const Skb& skb, uint32_t offset, MutableByteSpan out);
// Appends `from`'s frags to `to`, which must end where `from` begins; bits and header of `to` are
// the caller's business.
void SkbAppend(Skb* to, SkbPtr from);

}  // namespace ddpsim

#endif  // DDPSIM_NET_SKB_H_
