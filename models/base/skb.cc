#include "ddpsim/net/skb.h"

#include <algorithm>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"

namespace ddpsim {

void SkbRecycler::operator()(Skb* skb) const {
  skb->frags.clear();
  SkbPool* pool = skb->pool;
  skb->next_free = pool->free_;
  pool->free_ = skb;
  --pool->live_;
}

SkbPool::~SkbPool() {
  while (free_ != nullptr) {
    Skb* next = free_->next_free;
    delete free_;
    free_ = next;
  }
}

SkbPtr SkbPool::Allocate() {
  Skb* skb = free_;
  if (skb == nullptr) {
    skb = new Skb;
    skb->pool = this;
  } else {
    free_ = skb->next_free;
    std::vector<Payload> frags = std::move(skb->frags);
    *skb = Skb();
    skb->frags = std::move(frags);
    skb->pool = this;
  }
  ++live_;
  return SkbPtr(skb);
}

namespace {

constexpr uint32_t kSharedInfo = 320;  // SKB_DATA_ALIGN(sizeof(struct skb_shared_info))
constexpr uint32_t kSkBuff = 256;      // SKB_DATA_ALIGN(sizeof(struct sk_buff))

uint32_t SlabObject(uint32_t bytes) {
  constexpr uint32_t kSmallHead = 576;  // SKB_SMALL_HEAD_CACHE_SIZE: MAX_TCP_HEADER is 256
  const uint32_t needed = (bytes + 63) / 64 * 64 + kSharedInfo;
  if (needed <= kSmallHead) return kSmallHead;
  uint32_t object = 1024;
  while (object < needed) object <<= 1;
  return object;
}

}  // namespace

uint32_t LinearTruesize(uint32_t bytes) { return SlabObject(bytes) + kSkBuff; }

uint32_t LinearTailroom(uint32_t bytes) { return SlabObject(bytes) - kSharedInfo - bytes; }

void SkbPull(Skb* skb, uint32_t count) {
  SIM_CHECK(count <= skb->size);
  skb->seq += count;
  skb->size -= count;
  size_t whole = 0;
  while (count > 0 && skb->frags[whole].size <= count) count -= skb->frags[whole++].size;
  skb->frags.erase(skb->frags.begin(), skb->frags.begin() + whole);
  if (count > 0) skb->frags[0] = skb->frags[0].Sub(count, skb->frags[0].size - count);
}

void SkbTrim(Skb* skb, uint32_t count) {
  SIM_CHECK(count <= skb->size);
  uint32_t excess = skb->size - count;
  skb->size = count;
  while (excess > 0) {
    Payload& last = skb->frags.back();
    const uint32_t cut = std::min(excess, last.size);
    excess -= cut;
    last.size -= cut;
    if (last.size == 0) skb->frags.pop_back();
  }
}

void SkbCopyBits(const Skb& skb, uint32_t offset, MutableByteSpan out) {
  SIM_CHECK(offset + out.size() <= skb.size);
  uint8_t* to = out.data();
  size_t left = out.size();
  for (const Payload& frag : skb.frags) {
    if (left == 0) break;
    if (offset >= frag.size) {
      offset -= frag.size;
      continue;
    }
    const size_t take = std::min<size_t>(left, frag.size - offset);
    std::memcpy(to, frag.data + offset, take);
    to += take;
    left -= take;
    offset = 0;
  }
}

void SkbAppend(Skb* to, SkbPtr from) {
  SIM_CHECK(DDPSIM_MUTANT(kGroMergesAcrossHole) || to->end_seq() == from->seq);
  for (Payload& frag : from->frags) to->frags.push_back(std::move(frag));
  to->size += from->size;
  to->truesize += from->truesize;
  to->segments += from->segments;
}

}  // namespace ddpsim
