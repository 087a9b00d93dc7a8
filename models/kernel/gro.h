// Generic receive offload of one NAPI instance: mirrors dev_gro_receive(), inet_gro_receive() and
// tcp4_gro_receive() of Linux 6.1 with the line of the offload series that keeps skbs apart whose
// ulp_crc differs. Held packets leave at the end of each poll (gro_flush_timeout 0; with HZ < 1000
// napi_gro_flush() takes all). Left out: IP id rules (DF is set, so they never bind), VLANs,
// tunnels, the rx_list batching of gro_normal_one(). Invariants: (1) packets of one flow leave in
// the order they came; (2) a merged skb's parts have the same ulp_crc.
#ifndef DDPSIM_MODELS_KERNEL_GRO_H_
#define DDPSIM_MODELS_KERNEL_GRO_H_

#include <array>
#include <cstdint>
#include <vector>

#include "ddpsim/net/exec_context.h"
#include "ddpsim/net/skb.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {

struct GroConfig {
  bool enabled = true;
  bool splits_on_crc = true;         // false: as without the offload series
  bool splits_on_placement = false;  // the one shared bit of v1-v5
};

struct RxPacket {
  SkbPtr skb;
  FourTuple flow;
  uint32_t hash = 0;
};

class Gro {
 public:
  explicit Gro(const GroConfig& config) : config_(config) {}
  // Takes a packet from the driver. Whatever is complete is appended to *out, in stack order.
  void Receive(ExecContext& ctx, RxPacket packet, std::vector<RxPacket>* out);
  // End of the poll: everything held leaves.
  void Flush(ExecContext& ctx, std::vector<RxPacket>* out);
  uint32_t held() const { return held_; }

 private:
  static constexpr uint32_t kBuckets = 8;     // GRO_HASH_BUCKETS
  static constexpr size_t kMaxPerBucket = 8;  // MAX_GRO_SKBS

  using Bucket = std::vector<RxPacket>;  // oldest first
  void Complete(ExecContext& ctx, RxPacket packet, std::vector<RxPacket>* out);
  void Hold(ExecContext& ctx, Bucket& bucket, RxPacket packet, std::vector<RxPacket>* out);
  void TakeOut(ExecContext& ctx, Bucket& bucket, size_t index, std::vector<RxPacket>* out);
  bool MayMerge(const Skb& held, const Skb& skb) const;

  GroConfig config_;
  std::array<Bucket, kBuckets> buckets_;
  uint32_t held_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_GRO_H_
