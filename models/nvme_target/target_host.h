// The storage target as one box on the wire: NIC, TCP, nvmet. Frames in, frames out (Linux 6.1
// drivers/nvme/target, net/ipv4), a connection per queue. Left out: its CPUs, GRO, ARP (the peer's
// MAC is that of its SYN), RST for unknown connections. Invariants: output leaves through
// EgressPort at once, in timer context too; frames and memory are recycled; connections are never
// forgotten before the end of the run, so tokens stay valid.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_HOST_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_HOST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ddpsim/base/calendar.h"
#include "ddpsim/base/rng.h"
#include "ddpsim/net/content.h"
#include "ddpsim/net/egress_port.h"
#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/ip.h"
#include "models/nvme_target/target_parts.h"
#include "models/nvme_target/target_socket.h"
#include "models/nvme_target/tx_device.h"
#include "models/tcp/tcp_demux.h"

namespace ddpsim {

// All outlive the target; `observer` may be null.
struct TargetBoxes {
  FramePool* frames = nullptr;
  Calendar* calendar = nullptr;
  EgressPort* egress = nullptr;
  const Content* content = nullptr;
  TargetObserver* observer = nullptr;
};

class TargetHost {
 public:
  TargetHost(const TargetConfig& config, const TargetBoxes& boxes);
  TargetHost(const TargetHost&) = delete;
  TargetHost& operator=(const TargetHost&) = delete;

  void OnFrame(FramePtr frame, SimTime now);
  // The frame with this completion token has left.
  void OnTxDeparted(uint64_t token, SimTime now);

  // Nothing is on its way: the disk and all queues are idle, no TCP timer would send. A keep-alive
  // timer that only ends a controller does not count.
  bool quiet() const;

  const TargetConfig& config() const { return parts_.config; }
  const TargetStats& stats() const { return parts_.stats; }
  // Connections in order of their SYNs; closed ones included.
  size_t connections() const { return sockets_.size(); }
  const TargetSocket& connection(size_t i) const { return *sockets_[i]; }

 private:
  TargetSocket* Find(const ParsedFrame& parsed);
  TargetSocket* Accept(const ParsedFrame& parsed, ByteSpan frame);

  Calendar* calendar_;
  TargetParts parts_;
  SkbPool skbs_;  // outlives the sockets' queues
  TxDevice device_;
  Rng iss_;
  std::vector<std::unique_ptr<TargetSocket>> sockets_;
  TcpDemux<TargetSocket> demux_;  // by the tuple as received
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_HOST_H_
