// The seam between a ULP (nvme-tcp) and an offloading NIC's driver. Mirrors include/net/ulp_ddp.h
// of the series "nvme-tcp receive offloads" (v30): ulp_ddp_dev_ops, ulp_ddp_ulp_ops, limits,
// config, io. Left out: netlink caps (given by the driver's config), TLS. Invariants: teardown is
// asynchronous; a request that was set up completes only after DdpTeardownDone(). sk_add sleeps,
// which here is a call that begins and one that ends it.
#ifndef DDPSIM_NET_ULP_DDP_H_
#define DDPSIM_NET_ULP_DDP_H_

#include <cstdint>

#include "absl/types/span.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/seq_num.h"
#include "ddpsim/net/byte_stream.h"
#include "ddpsim/net/exec_context.h"

namespace ddpsim {

struct UlpDdpCaps {
  bool nvme_tcp = false;           // direct data placement
  bool nvme_tcp_ddgst_rx = false;  // data digest verification
};

struct UlpDdpLimits {
  uint32_t max_ddp_sgl_len = 128;     // SG entries: mlx5 128 -> 512 KiB with 4 KiB pages
  uint32_t io_threshold = 32 * 1024;  // smaller I/Os are not set up (mlx5 IO_THRESHOLD, v6+)
  // false: the ULP must not use CID generations (NVME_QUIRK_SKIP_CID_GEN)
  bool full_ccid_range = false;
};

struct UlpDdpConfig {
  uint8_t cpda = 0;
  bool header_digest = false;
  bool data_digest = false;
  uint32_t queue_size = 0;
  // Command identifiers are below it; 0: below queue_size. Beyond queue_size only where the limits
  // say full_ccid_range.
  uint32_t ccid_range = 0;
  CoreId affinity_hint = 0;
};

struct SglEntry {
  PhysAddr addr;
  uint32_t length;
};

struct UlpDdpIo {
  Ccid command_id = 0;
  absl::Span<const SglEntry> sgl;  // valid until teardown is done
  void* ddp_ctx = nullptr;         // the request, handed back by DdpTeardownDone()
};

// Called by the driver.
class UlpDdpUlpOps {
 public:
  virtual ~UlpDdpUlpOps() = default;
  // "Does a PDU start at seq?" Comes from NAPI, before the packet enters TCP.
  virtual void ResyncRequest(ExecContext& ctx, SeqNum seq) = 0;
  virtual void DdpTeardownDone(ExecContext& ctx, void* ddp_ctx) = 0;
  // sk_add() is over: whether the socket is offloaded. Once for each SkAdd() that said true.
  virtual void SkAddDone(ExecContext& ctx, bool offloaded) {}
};

// Called by the ULP.
class UlpDdpDevOps {
 public:
  virtual ~UlpDdpDevOps() = default;
  virtual UlpDdpCaps Caps() const = 0;
  virtual UlpDdpLimits Limits() const = 0;
  // Offloads a connected, quiet socket. False: it stays a plain one. True: sk_add sleeps until the
  // NIC has its parameters, SkAddDone() ends it, on the caller's core; nothing is asked of the
  // socket's offload before, save SkDel(), behind which no SkAddDone() comes.
  virtual bool SkAdd(ExecContext& ctx, ByteStream* sk, const UlpDdpConfig& config,
                     UlpDdpUlpOps* ulp) = 0;
  virtual void SkDel(ExecContext& ctx, ByteStream* sk) = 0;
  // Maps a read's buffer; does not wait for the NIC. False: this I/O goes without.
  virtual bool Setup(ExecContext& ctx, ByteStream* sk, const UlpDdpIo& io) = 0;
  virtual void Teardown(ExecContext& ctx, ByteStream* sk, const UlpDdpIo& io) = 0;
  // "Yes, a PDU starts at seq."
  virtual void Resync(ExecContext& ctx, ByteStream* sk, SeqNum seq) = 0;
};

// rx-nvme-tcp-* of the kernel's netlink spec ulp_ddp.yaml.
struct UlpDdpStats {
  uint64_t sk_add = 0, sk_add_fail = 0, sk_del = 0;
  uint64_t setup = 0, setup_fail = 0, teardown = 0;
  uint64_t drop = 0, resync = 0, packets = 0, bytes = 0;
  // No counter of the series: WQEs (a setup's count as one) for which the ICOSQ had no room. The
  // driver does not look, and real hardware would find others overwritten.
  uint64_t icosq_full = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_NET_ULP_DDP_H_
