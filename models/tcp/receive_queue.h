// The in-order receive queue (sk_receive_queue): a ring of skbs, and the merge of two neighbours
// (tcp_try_coalesce()). Invariant: the skbs are adjacent in sequence space.
#ifndef DDPSIM_MODELS_TCP_RECEIVE_QUEUE_H_
#define DDPSIM_MODELS_TCP_RECEIVE_QUEUE_H_

#include <cstddef>
#include <vector>

#include "ddpsim/net/skb.h"
#include "models/tcp/config.h"

namespace ddpsim {

class ReceiveQueue {
 public:
  ReceiveQueue() : ring_(64), mask_(63) {}

  bool empty() const { return count_ == 0; }
  size_t size() const { return count_; }
  Skb* front() const { return count_ == 0 ? nullptr : at(0); }
  Skb* back() const { return count_ == 0 ? nullptr : at(count_ - 1); }
  Skb* at(size_t i) const { return ring_[(head_ + i) & mask_].get(); }
  void Push(SkbPtr skb);
  SkbPtr Pop();

 private:
  std::vector<SkbPtr> ring_;
  size_t mask_;
  size_t head_ = 0;
  size_t count_ = 0;
};

// Sequence number behind the skb, FIN included.
inline SeqNum SkbEnd(const Skb& skb) {
  return skb.end_seq() + ((skb.tcp.flags & kTcpFin) != 0 ? 1 : 0);
}

// Appends `from` to `to` if it begins where `to` ends, the frags have room and
// (config.coalesce_checks_ulp_crc) both have the same ulp_crc. On success `from` is null and `to`
// carries its ack, window and flags. Also used for the socket backlog.
bool TryCoalesce(Skb* to, SkbPtr& from, const TcpConfig& config);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_RECEIVE_QUEUE_H_
