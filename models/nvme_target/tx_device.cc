#include "models/nvme_target/tx_device.h"

#include <algorithm>
#include <utility>

namespace ddpsim {

uint16_t TxDevice::Transmit(const TxSegment& segment, const EthIpAddresses& addresses,
                            uint16_t ip_id, uint64_t token, SimTime now) {
  last_ready_ = std::max(last_ready_, now + latency_);
  const uint32_t burst = next_burst_++;
  SegmentCutter cutter(addresses, ip_id, segment.tcp, segment.payload, 0, segment.payload_size,
                       segment.gso_size);
  const auto frames = static_cast<uint16_t>(cutter.segments());
  while (!cutter.done()) {
    OutFrame out;
    out.frame = cutter.Next(*pool_);
    out.ready = last_ready_;
    out.burst_id = burst;
    if (cutter.done()) out.completion_token = token;
    ++stats_->frames_sent;
    stats_->bytes_sent += out.frame->size();
    egress_->Send(std::move(out));
  }
  return frames;
}

}  // namespace ddpsim
