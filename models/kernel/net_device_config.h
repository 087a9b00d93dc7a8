// Settings of the network device's driver. Defaults are mlx5's (Linux 6.1 en.h:
// MLX5E_PARAMS_DEFAULT_LOG_RQ_SIZE 10, LOG_SQ_SIZE 10, RX moderation 16 us / 32 frames), save that
// adaptive moderation is off, so that runs are comparable. The send side's DIM is left out.
#ifndef DDPSIM_MODELS_KERNEL_NET_DEVICE_CONFIG_H_
#define DDPSIM_MODELS_KERNEL_NET_DEVICE_CONFIG_H_

#include <cstdint>
#include <string>

#include "ddpsim/base/fields.h"
#include "models/kernel/gro.h"
#include "models/kernel/resync_faults.h"

namespace ddpsim {

struct NetDeviceConfig {
  int64_t channels = 1;  // one per core, as far as there are cores
  int64_t log_rx_ring = 10;
  int64_t log_tx_ring = 10;  // WQEBBs
  int64_t mtu = 1500;
  bool adaptive_rx = false;  // DIM moves what the next two say
  int64_t moderation_usecs = 16;
  int64_t moderation_frames = 32;
  int64_t tx_queue_len = 1000;  // packets in the pfifo
  bool cqe_128 = true;          // set by the offload's reconfiguration of the channels
  bool gro = true;
  // The offload.
  bool ddp = true;
  bool ddgst = true;
  std::string driver = "v30";  // revision of the patch series whose behaviour is modelled
  ResyncFaultConfig resync_faults;

  template <class V>
  void Describe(V& v) {
    v.Integer("channels", channels, Range<int64_t>{1, 64}, "", "RX/TX channels");
    v.Integer("log_rx_ring", log_rx_ring, Range<int64_t>{5, 13}, "", "log2 of receive WQEs");
    v.Integer("log_tx_ring", log_tx_ring, Range<int64_t>{6, 13}, "", "log2 of send WQEBBs");
    v.Integer("mtu", mtu, Range<int64_t>{576, 9000}, "bytes", "IP packet size");
    v.Boolean("adaptive_rx", adaptive_rx, "adaptive-rx: dynamic interrupt moderation");
    v.Integer("moderation_usecs", moderation_usecs, Range<int64_t>{0, 1000}, "us", "rx-usecs");
    v.Integer("moderation_frames", moderation_frames, Range<int64_t>{0, 1000}, "", "rx-frames");
    v.Integer("tx_queue_len", tx_queue_len, Range<int64_t>{1, 100000}, "packets", "txqueuelen");
    v.Boolean("cqe_128", cqe_128, "128-byte CQEs on the receive queues");
    v.Boolean("gro", gro, "generic receive offload");
    v.Boolean("ddp", ddp, "cap nvme-tcp: direct data placement");
    v.Boolean("ddgst", ddgst, "cap nvme-tcp-ddgst-rx: data digest verification");
    v.String("driver", driver, "revision of the offload series: v1 .. v30");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NET_DEVICE_CONFIG_H_
