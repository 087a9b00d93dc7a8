#include "models/kernel/gro.h"

#include <algorithm>
#include <utility>

#include "ddpsim/base/mutant.h"

namespace ddpsim {
namespace {

constexpr uint32_t kGroMaxSize = 65536;  // GRO_LEGACY_MAX_SIZE, counted with the headers
constexpr uint8_t kFlushFlags = kTcpUrg | kTcpPsh | kTcpRst | kTcpSyn | kTcpFin;
constexpr uint8_t kMayDiffer = kTcpCwr | kTcpFin | kTcpPsh;

// tcp_gro_receive() compares the option bytes, timestamps included.
bool SameOptions(const TcpOptions& a, const TcpOptions& b) {
  if (a.has_timestamps != b.has_timestamps || a.sack_count != b.sack_count) return false;
  if (a.has_timestamps && (a.ts_val != b.ts_val || a.ts_ecr != b.ts_ecr)) return false;
  if (a.mss != b.mss || a.window_scale != b.window_scale || a.sack_permitted != b.sack_permitted)
    return false;
  return std::equal(a.sack.begin(), a.sack.begin() + a.sack_count, b.sack.begin());
}

}  // namespace

bool Gro::MayMerge(const Skb& held, const Skb& skb) const {
  const TcpHeader& a = held.tcp;
  const TcpHeader& b = skb.tcp;
  if ((b.flags & kTcpCwr) != 0 || ((a.flags ^ b.flags) & ~kMayDiffer) != 0) return false;
  if (a.ack != b.ack || a.window != b.window || !SameOptions(a.options, b.options)) return false;
  if (skb.size == 0 || skb.size > held.gso_size) return false;
  if (held.end_seq() != skb.seq && !DDPSIM_MUTANT(kGroMergesAcrossHole)) return false;
  if (config_.splits_on_crc && !DDPSIM_MUTANT(kGroMergesUnequalBits) && held.ulp_crc != skb.ulp_crc)
    return false;
  if (config_.splits_on_placement && held.ulp_ddp != skb.ulp_ddp) return false;
  const uint32_t headers = kIpv4Header + static_cast<uint32_t>(TcpHeaderSize(a));
  return headers + held.size + skb.size < kGroMaxSize;
}

void Gro::Receive(ExecContext& ctx, RxPacket packet, std::vector<RxPacket>* out) {
  ctx.Charge(Cost::kGroPacket);
  // A wrong or unverified checksum keeps a packet out of GRO (skb_gro_checksum_validate()).
  if (!config_.enabled || !packet.skb->checksum_verified)
    return Complete(ctx, std::move(packet), out);
  Bucket& bucket = buckets_[packet.hash & (kBuckets - 1)];
  const auto same = std::find_if(bucket.begin(), bucket.end(),
                                 [&](const RxPacket& p) { return p.flow == packet.flow; });
  const Skb& skb = *packet.skb;
  const bool ends = (skb.tcp.flags & kFlushFlags) != 0;
  if (same == bucket.end()) {
    if (ends || skb.size == 0) return Complete(ctx, std::move(packet), out);
    return Hold(ctx, bucket, std::move(packet), out);
  }
  const size_t index = same - bucket.begin();
  if (!MayMerge(*same->skb, skb)) {
    TakeOut(ctx, bucket, index, out);
    if (ends || skb.size == 0) return Complete(ctx, std::move(packet), out);
    return Hold(ctx, bucket, std::move(packet), out);
  }
  Skb* held = same->skb.get();
  const bool is_short = skb.size < held->gso_size;
  held->tcp.flags |= skb.tcp.flags & (kTcpFin | kTcpPsh);
  held->ulp_ddp |= skb.ulp_ddp;
  held->received_at = skb.received_at;
  SkbAppend(held, std::move(packet.skb));
  if (ends || is_short) TakeOut(ctx, bucket, index, out);
}

void Gro::Hold(ExecContext& ctx, Bucket& bucket, RxPacket packet, std::vector<RxPacket>* out) {
  if (bucket.size() >= kMaxPerBucket) TakeOut(ctx, bucket, 0, out);  // gro_flush_oldest()
  packet.skb->gso_size = packet.skb->size;
  bucket.push_back(std::move(packet));
  ++held_;
}

void Gro::TakeOut(ExecContext& ctx, Bucket& bucket, size_t index, std::vector<RxPacket>* out) {
  RxPacket packet = std::move(bucket[index]);
  bucket.erase(bucket.begin() + static_cast<std::ptrdiff_t>(index));
  --held_;
  Complete(ctx, std::move(packet), out);
}

void Gro::Complete(ExecContext& ctx, RxPacket packet, std::vector<RxPacket>* out) {
  ctx.Charge(Cost::kGroFlush);
  if (packet.skb->segments == 1) packet.skb->gso_size = 0;
  out->push_back(std::move(packet));
}

void Gro::Flush(ExecContext& ctx, std::vector<RxPacket>* out) {
  if (held_ == 0) return;
  for (Bucket& bucket : buckets_) {
    while (!bucket.empty()) TakeOut(ctx, bucket, 0, out);
  }
}

}  // namespace ddpsim
