// One host's kernel: cores, network device, TCP sockets and the offload driver, put together. The
// shell feeds it interrupts and takes its MMIO writes; the ULP (nvme-tcp) gets its sockets and the
// offload's operations here. Time passes through the calendar, in which every part keeps its own
// deadlines. Left out: more than one network device, listening sockets. Invariant: everything below
// is created in Open(), in an order that is the same in every run.
#ifndef DDPSIM_MODELS_KERNEL_KERNEL_H_
#define DDPSIM_MODELS_KERNEL_KERNEL_H_

#include <memory>
#include <vector>

#include "ddpsim/base/rng.h"
#include "ddpsim/net/byte_stream.h"
#include "ddpsim/net/host_observer.h"
#include "ddpsim/net/ulp_ddp.h"
#include "models/kernel/cpu.h"
#include "models/kernel/kernel_config.h"
#include "models/kernel/net_device.h"
#include "models/kernel/network_stack.h"
#include "models/kernel/nvmeotcp_driver.h"

namespace ddpsim {

// A connection that another endpoint has opened and whose place a socket takes.
struct TakenOverConnection {
  CoreId core = 0;
  FourTuple received;  // of the peer's packets
  SeqNum snd_nxt;
  SeqNum rcv_nxt;
};

class Kernel final : public ByteStreamFactory {
 public:
  // The pointers outlive the kernel; `observer` may be null. REQUIRES: config.device.driver parses.
  Kernel(const KernelConfig& config, const CostTable& costs, HostMemory* memory, Calendar* calendar,
         HostObserver* observer);

  // Creates all queues in the NIC behind `port` and starts the channels.
  void Open(MmioPort* port, SimTime now);
  void OnMsix(uint32_t vector, SimTime now);

  ByteStream* Create(CoreId core) override;
  // REQUIRES: Open() was called.
  TcpSocket* TakeOver(const TakenOverConnection& connection, SimTime now);
  // Null before Open().
  UlpDdpDevOps* ddp() { return driver_.get(); }
  // REQUIRES: Open() was called.
  ResyncFaults& resync_faults() { return driver_->resync_faults(); }
  CpuScheduler& scheduler() { return cpu_; }

  // Nothing is on its way in the host's software: no piece of work, no TCP timer that would send.
  // Timers of the ULP are the ULP's to tell.
  bool quiet() const;

  Cpu& cpu() { return cpu_; }
  NetDevice& device() { return *device_; }
  const NetworkStack& stack() const { return stack_; }
  const std::vector<std::unique_ptr<TcpSocket>>& sockets() const { return sockets_; }
  const UlpDdpStats& ulp_ddp_stats() const { return ddp_stats_; }
  const DriverVersion& driver_version() const { return version_; }

 private:
  TcpSocket* AddSocket(const SocketSetup& setup);

  KernelConfig config_;
  DriverVersion version_;
  HostMemory* memory_;
  Calendar* calendar_;
  HostObserver* observer_;
  SkbPool skbs_;  // outlives everything that may hold an skb
  Cpu cpu_;
  CommandChannel commands_;
  UlpDdpStats ddp_stats_;
  NvmeotcpRx nvmeotcp_rx_;
  NetworkStack stack_;
  std::unique_ptr<NetDevice> device_;
  std::unique_ptr<NvmeotcpDriver> driver_;
  std::vector<std::unique_ptr<TcpSocket>> sockets_;
  Rng iss_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_KERNEL_H_
