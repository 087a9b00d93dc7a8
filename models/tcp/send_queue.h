// The send queue: sk_write_queue and tcp_rtx_queue as one ring of skbs in sequence order. The first
// sent_count() of them have been transmitted and wait for their ACK, the others wait to be sent. An
// skb holds up to one super-segment. Left out: the rb-tree (a ring with binary search does the
// same), SACK shifting (tcp_shift_skb_data(): memory only). Invariants: skbs are adjacent in
// sequence space; pcount = ceil(size / gso_size) of a sent skb; the time list holds exactly the
// sent skbs that are neither SACKed nor marked lost and not yet sent again
// (tp->tsorted_sent_queue), oldest first.
#ifndef DDPSIM_MODELS_TCP_SEND_QUEUE_H_
#define DDPSIM_MODELS_TCP_SEND_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ddpsim/base/seq_num.h"
#include "ddpsim/net/tx_segment.h"

namespace ddpsim {

// TCP_SKB_CB(skb)->sacked.
enum TxSkbMark : uint8_t {
  kSackedAcked = 1,    // SACKed
  kSackedRetrans = 2,  // a retransmission is in flight
  kLost = 4,
  kEverRetrans = 8,
};

struct TxSkb {
  SeqNum seq;
  SeqNum end_seq;     // FIN included
  uint32_t size = 0;  // payload
  uint32_t truesize = 0;
  uint16_t pcount = 0;    // wire segments; 0: to be computed before sending
  uint16_t gso_size = 0;  // MSS of the cut
  uint8_t flags = 0;      // TcpFlag
  uint8_t marks = 0;      // TxSkbMark
  bool eor = false;       // MSG_EOR: nothing may be appended
  bool in_time_list = false;
  uint32_t delivered_at_send = 0;  // tp->delivered when sent (tcp_rate.c)
  int64_t sent_us = 0;             // last transmission
  PayloadList payload;
  TxSkb* time_prev = nullptr;
  TxSkb* time_next = nullptr;

  bool has(uint8_t mark) const { return (marks & mark) != 0; }
};

class SendQueue {
 public:
  // `skb_overhead`: truesize of an empty skb.
  explicit SendQueue(uint32_t skb_overhead);

  size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  size_t sent_count() const { return sent_; }
  bool has_unsent() const { return sent_ < count_; }
  TxSkb* at(size_t i) const { return ring_[(head_ + i) & mask_]; }
  TxSkb* rtx_head() const { return sent_ == 0 ? nullptr : at(0); }
  TxSkb* rtx_tail() const { return sent_ == 0 ? nullptr : at(sent_ - 1); }
  TxSkb* send_head() const { return has_unsent() ? at(sent_) : nullptr; }
  TxSkb* tail() const { return empty() ? nullptr : at(count_ - 1); }

  // Index of the sent skb that holds `seq`, or sent_count() if none does.
  size_t FindSent(SeqNum seq) const;

  // A new, empty skb at the end.
  TxSkb* Append(SeqNum seq);
  // The send head has been transmitted.
  void AdvanceSent() { ++sent_; }
  void PopFront();
  // Removes sent skb i, whose bytes have moved to its left neighbour.
  void EraseSent(size_t i);
  // Cuts skb i behind its first `length` bytes; the new right part takes over marks, stamps and
  // place in the time list. pcount of both parts is recomputed for `mss`.
  void Split(size_t i, uint32_t length, uint32_t mss);
  // Moves all payload of `from` to the end of `to` (tcp_skb_shift()); false, and nothing is moved,
  // if that would make more frags than an skb holds.
  static bool ShiftPayload(TxSkb* from, TxSkb* to);
  // Moves up to `amount` bytes of the next skb to the end of unsent skb i (tcp_grow_skb(), v6.10+):
  // short pieces do not stay short. Returns the truesize that became free because the next skb is
  // empty now.
  uint32_t Grow(size_t i, uint32_t amount);
  // Drops the first `length` bytes of the head (acknowledged).
  void TrimHead(uint32_t length);
  void Clear();

  static void SetSegments(TxSkb* skb, uint32_t mss);

  // The time-sorted list.
  TxSkb* oldest() const { return time_head_; }
  void TimeListAppend(TxSkb* skb);
  void TimeListRemove(TxSkb* skb);

 private:
  TxSkb* NewSkb();
  void Release(TxSkb* skb);
  void InsertAt(size_t i, TxSkb* skb);
  void RemoveAt(size_t i);
  void TimeListInsertAfter(TxSkb* at, TxSkb* skb);

  uint32_t skb_overhead_;
  std::vector<TxSkb*> ring_;
  size_t mask_;
  size_t head_ = 0;
  size_t count_ = 0;
  size_t sent_ = 0;
  TxSkb* time_head_ = nullptr;
  TxSkb* time_tail_ = nullptr;
  std::vector<std::unique_ptr<TxSkb>> storage_;
  std::vector<TxSkb*> free_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_SEND_QUEUE_H_
