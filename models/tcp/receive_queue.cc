#include "models/tcp/receive_queue.h"

#include <algorithm>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"

namespace ddpsim {
namespace {

constexpr size_t kMaxSkbFrags = 17;  // MAX_SKB_FRAGS, Linux 6.1 include/linux/skbuff.h
// SKB_DATA_ALIGN(sizeof(struct sk_buff)), freed when the head is stolen
constexpr uint32_t kSkbOverhead = 256;

}  // namespace

void ReceiveQueue::Push(SkbPtr skb) {
  if (count_ == ring_.size()) {
    std::vector<SkbPtr> bigger(ring_.size() * 2);
    for (size_t i = 0; i < count_; ++i) bigger[i] = std::move(ring_[(head_ + i) & mask_]);
    ring_ = std::move(bigger);
    mask_ = ring_.size() - 1;
    head_ = 0;
  }
  ring_[(head_ + count_++) & mask_] = std::move(skb);
}

SkbPtr ReceiveQueue::Pop() {
  SIM_CHECK(count_ > 0);
  SkbPtr skb = std::move(ring_[head_]);
  head_ = (head_ + 1) & mask_;
  --count_;
  return skb;
}

bool TryCoalesce(Skb* to, SkbPtr& from, const TcpConfig& config) {
  if (from->seq != to->end_seq() || (to->tcp.flags & kTcpFin) != 0) return false;
  if (config.coalesce_checks_ulp_crc && !DDPSIM_MUTANT(kCoalesceUnequalBits) &&
      from->ulp_crc != to->ulp_crc)
    return false;
  const bool fits_tail = from->size <= to->tailroom;
  if (!fits_tail && to->frags.size() + from->frags.size() > kMaxSkbFrags) return false;
  const uint8_t flags = to->tcp.flags | from->tcp.flags;
  to->tcp.ack = from->tcp.ack;
  to->tcp.window = from->tcp.window;
  to->tcp.options = from->tcp.options;
  to->tcp.flags = flags;
  // With the check off the bit of the first one stays: the early versions' defect.
  to->ulp_ddp |= from->ulp_ddp;
  if (fits_tail) {
    // Copied behind the others' bytes; its own memory is freed (skb_try_coalesce()).
    to->tailroom -= from->size;
    from->truesize = 0;
  } else {
    to->tailroom = 0;
    from->truesize -= std::min(from->truesize, kSkbOverhead);
  }
  SkbAppend(to, std::move(from));
  return true;
}

}  // namespace ddpsim
