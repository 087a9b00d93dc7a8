#include "models/tcp/collapse.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "models/tcp/receive_window.h"

namespace ddpsim {
namespace {

// SKB_MAX_ORDER(0, 0): a page less struct skb_shared_info.
constexpr uint32_t kMaxCopy = 4096 - 320;

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

// tcp_skb_can_collapse_rx()
bool MayJoin(const Tcb& t, const Skb& a, const Skb& b) {
  return !t.config.coalesce_checks_ulp_crc || a.ulp_crc == b.ulp_crc;
}

bool IsBloated(const Tcb& t, const Skb& skb) {
  return WindowFromMemory(t, skb.truesize) > skb.size;
}

// skbs[first, last) cover the sequence range up to `end`; bytes before `start` have been read.
struct Run {
  std::vector<SkbPtr>* skbs;
  size_t first;
  size_t last;
  SeqNum start;
  SeqNum end;
};

void Remove(Tcb& t, Run* run, size_t i) {
  t.win.rmem_alloc -= (*run->skbs)[i]->truesize;
  ++t.stats.collapsed;
  run->skbs->erase(run->skbs->begin() + static_cast<ptrdiff_t>(i));
  --run->last;
}

// Drops skbs without new bytes and skips those that are not worth it. False: nothing is.
bool FindWorthwhile(Tcb& t, Run* run) {
  std::vector<SkbPtr>& skbs = *run->skbs;
  size_t i = run->first;
  while (i < run->last) {
    const Skb& skb = *skbs[i];
    if (run->start >= SkbEnd(skb)) {
      Remove(t, run, i);
      continue;
    }
    run->first = i;
    if (MayCopy(t, skb) && (IsBloated(t, skb) || skb.seq < run->start)) return true;
    const bool overlaps =
        i + 1 < run->last && MayJoin(t, skb, *skbs[i + 1]) && SkbEnd(skb) != skbs[i + 1]->seq;
    if (overlaps) return MayCopy(t, skb);
    run->start = SkbEnd(skb);
    ++i;
  }
  return false;
}

// Takes the first `length` bytes of the run into one linear skb. Sets *goes_on to whether the next
// ones may follow.
SkbPtr CopyOut(Tcb& t, Run* run, SkbPool* pool, uint32_t length, bool* goes_on) {
  std::vector<SkbPtr>& skbs = *run->skbs;
  SkbPtr copy = pool->Allocate();
  const Skb& head = *skbs[run->first];
  copy->tcp = head.tcp;
  copy->ulp_crc = head.ulp_crc;
  copy->ulp_ddp = head.ulp_ddp;
  copy->checksum_verified = head.checksum_verified;
  copy->received_at = head.received_at;
  copy->seq = run->start;
  copy->segments = 0;
  copy->truesize = LinearTruesize(length);
  auto* buffer = new HeapBuffer(length);
  const RefPtr<const RefBuffer> owner(buffer);
  *goes_on = true;
  while (length > copy->size && *goes_on) {
    Skb* skb = skbs[run->first].get();
    // One that others were merged into may cover those after it.
    if (run->start < skb->end_seq()) {
      const auto take =
          std::min(static_cast<uint32_t>(skb->end_seq() - run->start), length - copy->size);
      SkbCopyBits(*skb, static_cast<uint32_t>(run->start - skb->seq),
                  MutableByteSpan(buffer->data() + copy->size, take));
      copy->size += take;
      run->start += take;
    }
    if (run->start < SkbEnd(*skb)) continue;
    copy->tcp.ack = skb->tcp.ack;
    copy->tcp.flags |= skb->tcp.flags;
    copy->segments += skb->segments;
    Remove(t, run, run->first);
    *goes_on = run->first < run->last && MayCopy(t, *skbs[run->first]) &&
               MayJoin(t, *copy, *skbs[run->first]) && skbs[run->first]->seq <= run->start;
  }
  copy->segments = std::max(copy->segments, 1u);
  copy->frags.push_back(Payload{buffer->data(), copy->size, 0, owner});
  t.win.rmem_alloc += copy->truesize;
  return copy;
}

// Returns the index behind the run.
size_t Collapse(Tcb& t, Run run) {
  if (!FindWorthwhile(t, &run)) return run.last;
  SkbPool* pool = (*run.skbs)[run.first]->pool;
  bool goes_on = true;
  while (goes_on && run.start < run.end) {
    const uint32_t length = std::min(kMaxCopy, static_cast<uint32_t>(run.end - run.start));
    SkbPtr copy = CopyOut(t, &run, pool, length, &goes_on);
    run.skbs->insert(run.skbs->begin() + static_cast<ptrdiff_t>(run.first), std::move(copy));
    ++run.first;
    ++run.last;
  }
  return run.last;
}

}  // namespace

void CollapseOutOfOrder(Tcb& t) {
  std::vector<SkbPtr>& skbs = t.ofo.skbs;
  int64_t tiny = 0;
  for (size_t head = 0; head < skbs.size();) {
    Run run{&skbs, head, head + 1, skbs[head]->seq, SkbEnd(*skbs[head])};
    int64_t truesize = skbs[head]->truesize;
    for (; run.last < skbs.size() && skbs[run.last]->seq <= run.end; ++run.last) {
      truesize += skbs[run.last]->truesize;
      run.end = SeqMax(run.end, SkbEnd(*skbs[run.last]));
    }
    if (truesize != skbs[head]->truesize || run.end - run.start >= static_cast<int32_t>(kMaxCopy)) {
      head = Collapse(t, run);
    } else {
      tiny += truesize;
      if (tiny > t.win.rcvbuf >> 3) return;
      head = run.last;
    }
  }
}

void CollapseReceiveQueue(Tcb& t) {
  std::vector<SkbPtr> skbs;
  while (!t.receive_queue.empty()) skbs.push_back(t.receive_queue.Pop());
  if (!skbs.empty()) Collapse(t, Run{&skbs, 0, skbs.size(), t.copied_seq, t.rcv_nxt});
  for (SkbPtr& skb : skbs) t.receive_queue.Push(std::move(skb));
}

}  // namespace ddpsim
