// The offload driver and the NIC, and nothing else of the system: no target, no link, no nvme-tcp.
// The bus takes no time and the interrupt comes at once; everything else is the product's.
#ifndef DDPSIM_TESTS_UNIT_DRIVER_NIC_DRIVER_NIC_BENCH_H_
#define DDPSIM_TESTS_UNIT_DRIVER_NIC_DRIVER_NIC_BENCH_H_

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/doorbell.h"
#include "models/kernel/kernel.h"
#include "models/nic/nic.h"

namespace ddpsim {

class DriverNicBench : private BusMaster,
                       private MmioPort,
                       private Wakeable,
                       private UlpDdpUlpOps,
                       private WorkItem {
 public:
  explicit DriverNicBench(const char* version = "v30", uint32_t queue_size = 128)
      : kernel_(ConfigOf(version), Costs(), &memory_, &calendar_, nullptr),
        nic_(NicConfig(), this, &frames_),
        deadline_(&calendar_, this) {
    kernel_.Open(this, now_);
    RunFor(SimTime::Us(10));
    socket_ = kernel_.Create(0);
    Do([&](ExecContext& ctx) {
      UlpDdpConfig config;
      config.queue_size = queue_size;
      config.data_digest = true;
      SIM_CHECK(kernel_.ddp()->SkAdd(ctx, socket_, config, this));
    });
    RunFor(SimTime::Us(100));
  }

  // Runs `body` as a piece of software, as soon as the core is free.
  void Do(std::function<void(ExecContext&)> body) {
    body_ = std::move(body);
    kernel_.scheduler().Queue(0, CpuContext::kKworker, this, now_);
    while (body_ != nullptr) RunFor(SimTime::Ns(20));
  }
  void RunFor(SimTime time) {
    const SimTime limit = now_ + time;
    SimTime at;
    while (Wakeable* who = calendar_.PopDue(limit, &at)) {
      now_ = at;
      who->OnDeadline(at);
    }
    now_ = limit;
  }
  void Resync(uint32_t seq) {
    Do([&](ExecContext& ctx) { kernel_.ddp()->Resync(ctx, socket_, SeqNum(seq)); });
  }
  void Setup(Ccid ccid, const std::vector<SglEntry>& sgl) {
    Do([&](ExecContext& ctx) {
      SIM_CHECK(kernel_.ddp()->Setup(ctx, socket_, {ccid, sgl, nullptr}));
    });
  }
  void Teardown(Ccid ccid, const std::vector<SglEntry>& sgl) {
    Do([&](ExecContext& ctx) { kernel_.ddp()->Teardown(ctx, socket_, {ccid, sgl, nullptr}); });
  }
  std::vector<SglEntry> Pages(uint32_t n) {
    std::vector<SglEntry> sgl;
    for (uint32_t i = 0; i < n; ++i) sgl.push_back({memory_.Allocate(4096), 4096});
    return sgl;
  }
  bool offloaded() const { return offloaded_; }
  uint64_t teardowns_done() const { return teardowns_done_; }
  const NicStats& nic() const { return nic_.stats(); }
  const UlpDdpStats& driver() const { return kernel_.ulp_ddp_stats(); }

 private:
  static KernelConfig ConfigOf(const char* version) {
    KernelConfig config;
    config.device.driver = version;
    return config;
  }
  static CostTable Costs() {
    CostTable costs;
    costs.frequency_hz = 1'000'000'000;
    costs.millicycles.fill(1000);
    return costs;
  }

  SimTime Write(PhysAddr addr, ByteSpan data, SimTime now) override {
    memory_.Write(addr, data);
    return now;
  }
  SimTime WriteMessage(PhysAddr addr, ByteSpan data, SimTime now) override {
    if (addr == kMsixAddress) {
      kernel_.OnMsix(LoadLe32(data.data()), now);
    } else {
      memory_.Write(addr, data);
    }
    return now;
  }
  SimTime Read(PhysAddr addr, MutableByteSpan out, SimTime now) override {
    memory_.Read(addr, out);
    return now;
  }
  void OnMmioWrite(const MmioWrite& write) override {
    nic_.OnMmioWrite(write.offset, write.value, std::max(now_, write.at));
    deadline_.Arm(nic_.NextDeadline());
  }
  void OnDeadline(SimTime now) override {
    nic_.OnTimer(now);
    deadline_.Arm(nic_.NextDeadline());
  }
  void ResyncRequest(ExecContext&, SeqNum) override {}
  void DdpTeardownDone(ExecContext&, void*) override { ++teardowns_done_; }
  void SkAddDone(ExecContext&, bool offloaded) override { offloaded_ = offloaded; }
  bool RunPiece(ExecContext& ctx) override {
    body_(ctx);
    body_ = nullptr;
    return false;
  }

  HostMemory memory_;
  Calendar calendar_;
  FramePool frames_;
  Kernel kernel_;
  Nic nic_;
  Deadline deadline_;
  SimTime now_;
  std::function<void(ExecContext&)> body_;
  ByteStream* socket_ = nullptr;
  bool offloaded_ = false;
  uint64_t teardowns_done_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_DRIVER_NIC_DRIVER_NIC_BENCH_H_
