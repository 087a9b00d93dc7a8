// Executes send WQEs: takes the headers from the WQE (all of Ethernet, IPv4 and TCP must be inline,
// as mlx5 wants them for TSO), reads the payload by DMA, cuts it at the MSS with real checksums and
// hands out frames with the time each is complete. Mirrors struct mlx5e_tx_wqe: ctrl, eth with the
// first 2 inline bytes, the rest of the headers padded to 16, data segments. Left out: checksums
// left as they are (cs_flags are taken as set), VLAN insertion, rate limits, DDGST transmit
// offload. Invariant: ready times never decrease; a frame is ready only after its last payload byte
// was read.
#ifndef DDPSIM_NIC_TX_PIPELINE_H_
#define DDPSIM_NIC_TX_PIPELINE_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/payload.h"
#include "ddpsim/hw/bus_master.h"
#include "ddpsim/net/egress_port.h"
#include "ddpsim/wire/segment_writer.h"
#include "models/nic/nic_config.h"
#include "models/nic/nic_stats.h"

namespace ddpsim {

class TxPipeline {
 public:
  TxPipeline(const NicConfig& config, BusMaster* bus, FramePool* pool, NicStats* stats)
      : latency_(SimTime::Ns(config.tx_latency_ns)), bus_(bus), pool_(pool), stats_(stats) {}

  // `wqe`: a kSend or kTso. `token` goes with the last frame.
  void Execute(ByteSpan wqe, uint64_t token, SimTime now, std::vector<OutFrame>* egress);

 private:
  struct Headers {
    EthIpAddresses addresses;
    uint16_t ip_id = 0;
    TcpHeader tcp;
  };

  static Headers ParseHeaders(ByteSpan inlined);
  // Reads the data segments into gather_ and read_at_; returns the payload's size.
  uint32_t ReadPayload(ByteSpan data_segments, SimTime now);
  // When the payload's first `bytes` bytes have been read.
  SimTime ReadUpTo(uint32_t bytes, SimTime now) const;

  SimTime latency_;
  BusMaster* bus_;
  FramePool* pool_;
  NicStats* stats_;
  SimTime last_ready_;
  uint32_t next_burst_ = 1;
  std::vector<uint8_t> buffer_;
  std::vector<Payload> gather_;
  std::vector<SimTime> read_at_;  // one per gather_ entry
};

}  // namespace ddpsim

#endif  // DDPSIM_NIC_TX_PIPELINE_H_
