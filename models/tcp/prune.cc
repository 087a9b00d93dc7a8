#include "models/tcp/prune.h"

#include <memory>
#include <vector>

#include "models/tcp/receive_window.h"

namespace ddpsim {
namespace {

// A linear copy that tcp_collapse() made: SKB_MAX_ORDER(0, 0) bytes at most, one page less struct
// skb_shared_info.
constexpr uint32_t kMaxCopy = 4096 - 320;
constexpr uint32_t kCopyTruesize = 4096 + 256;

// tcp_can_ingest() (v6.17+): the queue counts with its overhead, the newcomer with its payload
// only, so that a small window can be filled by skbs that waste much.
bool CanIngest(const Tcb& t, uint32_t size) { return t.win.rmem_alloc + size <= t.win.rcvbuf; }

class HeapBuffer : public RefBuffer {
 public:
  explicit HeapBuffer(uint32_t size) : bytes_(size) {}
  uint8_t* data() { return bytes_.data(); }

 protected:
  void Recycle() override { delete this; }

 private:
  std::vector<uint8_t> bytes_;
};

bool MayCopy(const Tcb& t, const Skb& skb) {
  return (skb.tcp.flags & kTcpFin) == 0 && !(skb.ulp_ddp && t.config.keep_ulp_ddp);
}

// Two small neighbours become one linear skb, `left`. Its truesize is that of a page.
bool CollapsePair(Tcb& t, Skb* left, const Skb& right) {
  if (!MayCopy(t, *left) || !MayCopy(t, right) || left->end_seq() != right.seq) return false;
  if (t.config.coalesce_checks_ulp_crc && left->ulp_crc != right.ulp_crc) return false;
  if (left->size + right.size > kMaxCopy || left->truesize + right.truesize <= kCopyTruesize)
    return false;
  auto* copy = new HeapBuffer(left->size + right.size);
  Payload payload{copy->data(), left->size + right.size, 0, RefPtr<const RefBuffer>(copy)};
  SkbCopyBits(*left, 0, MutableByteSpan(copy->data(), left->size));
  SkbCopyBits(right, 0, MutableByteSpan(copy->data() + left->size, right.size));
  t.win.rmem_alloc += int64_t{kCopyTruesize} - left->truesize - right.truesize;
  left->frags.clear();
  left->frags.push_back(std::move(payload));
  left->size += right.size;
  left->truesize = kCopyTruesize;
  left->segments += right.segments;
  left->tcp.ack = right.tcp.ack;
  left->tcp.flags |= right.tcp.flags;
  ++t.stats.collapsed;
  return true;
}

void CollapseOutOfOrder(Tcb& t) {
  std::vector<SkbPtr>& skbs = t.ofo.skbs;
  size_t kept = 0;
  for (size_t i = 1; i < skbs.size(); ++i) {
    if (CollapsePair(t, skbs[kept].get(), *skbs[i])) continue;
    if (++kept != i) skbs[kept] = std::move(skbs[i]);
  }
  if (!skbs.empty()) skbs.resize(kept + 1);
}

void CollapseReceiveQueue(Tcb& t) {
  // Rotates the whole queue once: each skb is popped and either joins the last one pushed or
  // follows it.
  const size_t count = t.receive_queue.size();
  Skb* last = nullptr;
  for (size_t i = 0; i < count; ++i) {
    SkbPtr skb = t.receive_queue.Pop();
    if (last != nullptr && CollapsePair(t, last, *skb)) continue;
    last = skb.get();
    t.receive_queue.Push(std::move(skb));
  }
}

// Drops from the end, an eighth of the buffer at least, and forgets all SACK blocks: we renege.
void PruneOutOfOrder(Tcb& t, uint32_t size) {
  if (t.ofo.skbs.empty()) return;
  int64_t goal = t.win.rcvbuf >> 3;
  while (!t.ofo.skbs.empty()) {
    const uint32_t truesize = t.ofo.skbs.back()->truesize;
    t.ofo.skbs.pop_back();
    t.win.rmem_alloc -= truesize;
    ++t.stats.ofo_pruned;
    goal -= truesize;
    if (goal > 0) continue;
    if (CanIngest(t, size)) break;
    goal = t.win.rcvbuf >> 3;
  }
  t.ofo.num_sacks = 0;
  t.ofo.dsack = false;
}

}  // namespace

bool EnsureReceiveMemory(Tcb& t, uint32_t size) {
  if (CanIngest(t, size)) return true;
  ClampWindow(t);
  if (CanIngest(t, size)) return true;
  CollapseOutOfOrder(t);
  CollapseReceiveQueue(t);
  if (CanIngest(t, size)) return true;
  PruneOutOfOrder(t, size);
  return CanIngest(t, size);
}

}  // namespace ddpsim
