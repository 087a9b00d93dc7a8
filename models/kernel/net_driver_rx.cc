#include "models/kernel/net_driver_rx.h"

#include <utility>

namespace ddpsim {
namespace {

void SetChecksumState(ExecContext& ctx, const Cqe64& cqe, ByteSpan frame, const ParsedFrame& parsed,
                      Skb* skb) {
  constexpr uint8_t kBothOk = kCqeL3Ok | kCqeL4Ok;
  if ((cqe.hds_ip_ext & kBothOk) == kBothOk) {
    skb->checksum_verified = true;
    return;
  }
  ctx.Charge(Cost::kTcpChecksum, static_cast<int64_t>(frame.size() - parsed.l4_offset));
  const bool good = VerifyIpv4Checksum(frame, parsed) && TcpChecksumIsRight(frame, parsed);
  skb->checksum_verified = good;
  skb->bad_checksum = !good;
}

}  // namespace

bool BuildRxPacket(ExecContext& ctx, const Cqe64& cqe, RefPtr<RxBuffer> buffer,
                   const RxBufferGeometry& geometry, SkbPool* pool, RxPacket* out,
                   uint32_t* payload_offset) {
  ctx.Charge(Cost::kRxSkbBuild);
  const ByteSpan frame(buffer->data, cqe.byte_cnt);
  ParsedFrame parsed;
  if (!ParseFrame(frame, &parsed)) return false;
  out->skb = pool->Allocate();
  Skb* skb = out->skb.get();
  skb->tcp = parsed.tcp;
  skb->seq = (parsed.tcp.flags & kTcpSyn) != 0 ? parsed.tcp.seq + 1 : parsed.tcp.seq;
  skb->size = static_cast<uint32_t>(parsed.payload.size());
  skb->truesize = geometry.Truesize(static_cast<uint32_t>(frame.size()));
  skb->received_at = ctx.Now();
  SetChecksumState(ctx, cqe, frame, parsed, skb);
  *payload_offset = parsed.payload_offset;
  if (skb->size > 0) {
    skb->frags.push_back({parsed.payload.data(), skb->size, buffer->addr + parsed.payload_offset,
                          std::move(buffer)});
  }
  out->flow = parsed.tuple.flow;
  out->hash = cqe.rss_hash_result;
  return true;
}

}  // namespace ddpsim
