// The whole picture: storage host, NIC, PCIe, cable and target, built from one SystemConfig and
// bound together, and driven through a run: connect, load, orderly end.
//
//   TargetModule <- h2c link -- NicModule <- PCIe -> CpuModule (kernel, nvme-tcp, workload)
//        |  ---- c2h link --->     |           |
//                                  DMA ------> MemoryModule
//
// REQUIRES: a FreshKernel (or an untouched SystemC) around it; one run per object.
#ifndef DDPSIM_SIM_SYSTEM_SYSTEM_H_
#define DDPSIM_SIM_SYSTEM_SYSTEM_H_

#include <csignal>
#include <functional>
#include <memory>
#include <string>

#include "ddpsim/ports/island.h"
#include "models/kernel/cpu_module.h"
#include "models/link/link_module.h"
#include "models/mem/memory_module.h"
#include "models/nic/nic_module.h"
#include "models/nvme_host/nvme_host.h"
#include "models/nvme_target/target_module.h"
#include "models/pcie/pcie_module.h"
#include "sim/system/run_recorder.h"
#include "sim/system/system_config.h"
#include "sim/system/window.h"
#include "sim/system/write_watch.h"

namespace ddpsim {

enum class RunEnd { kComplete, kInterrupted, kStalled };

class System : private Wakeable, private WindowObserver {
 public:
  // `capture` may be null.
  System(const SystemConfig& config, CaptureTap* capture);

  // Runs to the end. `interrupt` (may be null) ends it early; `progress` is called now and then.
  RunEnd Run(const volatile std::sig_atomic_t* interrupt,
             const std::function<void(int64_t ios, SimTime now)>& progress);

  SimTime now() const { return end_; }
  const SystemConfig& config() const { return config_; }
  RunRecorder& recorder() { return recorder_; }
  Window& window() { return window_; }
  // REQUIRES: the run has begun.
  NvmeHost& nvme() { return *nvme_; }
  Kernel& kernel() { return cpu_.kernel(); }
  Nic& nic() { return nic_.nic(); }
  TargetHost& target() { return target_.host(); }
  Link& c2h() { return c2h_.link(); }
  Link& h2c() { return h2c_.link(); }
  bool started_load() const { return phase_ > Phase::kConnecting; }
  const std::string& failure() const { return failure_; }

 private:
  enum class Phase { kConnecting, kLoad, kClosing, kDraining, kEnded };

  void Bind();
  // The bench looks at the run now and then; nothing in the model depends on when.
  void OnDeadline(SimTime now) override;
  void OnWindowStart(SimTime now) override;
  void OnWindowEnd(SimTime now) override;
  void Connect(SimTime now);
  void StartLoad(SimTime now);
  void Advance(SimTime now);
  void BeginFaults();
  void EndFaults();
  bool Stalled(SimTime now);
  WindowSnapshot Snapshot();

  SystemConfig config_;
  Island island_;
  FramePool frames_;
  HostMemory memory_;
  Llc llc_;
  RunRecorder recorder_;
  WriteWatch write_watch_;
  Content content_;
  LinkModule c2h_;
  LinkModule h2c_;
  PcieModule pcie_;
  MemoryModule memory_module_;
  NicModule nic_;
  CpuModule cpu_;
  TargetModule target_;
  std::unique_ptr<NvmeHost> nvme_;  // made when the driver is there
  Deadline look_;
  Window window_;
  Phase phase_ = Phase::kConnecting;
  RunEnd outcome_ = RunEnd::kStalled;
  SimTime end_;
  SimTime last_progress_;
  uint64_t last_completed_ = 0;
  bool faults_over_ = false;
  std::string failure_;
  const volatile std::sig_atomic_t* interrupt_ = nullptr;
  const std::function<void(int64_t, SimTime)>* progress_ = nullptr;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_SYSTEM_H_
