// What a sender's IPv4 identification numbers tell about the way its packets took. Linux counts
// them up by one per packet of a connection (inet_sk(sk)->inet_id), so a gap is a packet that was
// lost before the capture point and an inversion one that was overtaken; sorted by them, packets
// are in sending order, in which a retransmission is an old sequence number. Left out: senders that
// number otherwise (IPv6, other systems): known() is false. Invariant: what waits for a late packet
// is bounded; one that comes later still counts as reordered and no more as lost.
#ifndef DDPSIM_MODELS_CAPTURE_IP_ID_ORDER_H_
#define DDPSIM_MODELS_CAPTURE_IP_ID_ORDER_H_

#include <cstdint>

#include "absl/container/btree_map.h"
#include "ddpsim/base/seq_num.h"

namespace ddpsim {

class IpIdOrder {
 public:
  // A packet used `ids` numbers from `id` on. `size`: of its payload; 0 when its sequence number
  // is not to be believed.
  void Add(uint16_t id, uint32_t ids, SeqNum seq, uint32_t size);
  void Finish();

  uint64_t lost() const { return lost_; }
  uint64_t reordered() const { return reordered_; }
  uint64_t retransmitted() const { return retransmitted_; }
  uint64_t duplicates() const { return duplicates_; }
  uint64_t packets() const { return packets_; }

 private:
  struct Packet {
    uint32_t ids;
    SeqNum seq;
    uint32_t size;
  };
  void Release();
  void Judge(const Packet& packet);

  bool started_ = false;
  int64_t highest_ = 0;  // number of the newest packet, unwrapped
  int64_t next_ = 0;     // not judged yet
  absl::btree_map<int64_t, Packet> pending_;
  bool has_top_ = false;
  SeqNum top_;  // end of the highest payload sent
  uint64_t packets_ = 0;
  uint64_t lost_ = 0;
  uint64_t reordered_ = 0;
  uint64_t retransmitted_ = 0;
  uint64_t duplicates_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_IP_ID_ORDER_H_
