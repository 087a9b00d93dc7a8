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
#include <cstdint>
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
#include "sim/system/window_recorder.h"
#include "sim/system/write_watch.h"

namespace ddpsim {

enum class RunEnd {
  kTotalIos,        // all I/Os that were asked for ended
  kRuntime,         // or the time was over before
  kInterrupted,     // from outside
  kConnectFailed,   // the load never began
  kControllerLost,  // the initiator gave the controller up
  kEndOfTime,       // the simulated clock goes no further
  kStalled          // nothing can happen any more, or nothing does: a bug of the model
};

inline bool IsComplete(RunEnd end) { return end == RunEnd::kTotalIos || end == RunEnd::kRuntime; }

class System : private Wakeable {
 public:
  // `capture` may be null.
  System(const SystemConfig& config, CaptureTap* capture);

  // Runs to the end. `interrupt` (may be null) ends it early; `progress` is called now and then.
  RunEnd Run(const volatile std::sig_atomic_t* interrupt,
             const std::function<void(int64_t ios, SimTime now)>& progress);

  SimTime now() const { return end_; }
  const SystemConfig& config() const { return config_; }
  RunRecorder& recorder() { return recorder_; }
  const Window& window() const { return window_.window(); }
  // REQUIRES: the run has begun.
  NvmeHost& nvme() { return *nvme_; }
  // REQUIRES: started_load().
  Load& load() { return nvme_->load(); }
  Kernel& kernel() { return cpu_.kernel(); }
  Nic& nic() { return nic_.nic(); }
  const PcieLink& pcie() const { return pcie_.link(); }
  TargetHost& target() { return target_.host(); }
  Link& c2h() { return c2h_.link(); }
  Link& h2c() { return h2c_.link(); }
  bool started_load() const { return nvme_ != nullptr && nvme_->has_load(); }
  // Nothing was on its way any more when the run ended.
  bool drained() const { return drained_; }
  // Why the run was cut short, in words; empty: it was not.
  const std::string& failure() const { return failure_; }

 private:
  enum class Phase : uint8_t { kConnecting, kLoad, kClosing, kDraining, kEnded };

  void Bind();
  // The bench looks at the run now and then; nothing in the model depends on when.
  void OnDeadline(SimTime now) override;
  void Connect(SimTime now);
  void StartLoad(SimTime now);
  void Advance(SimTime now);
  void AdvanceLoad(SimTime now);
  // The run ends for this reason; what is on its way is still waited for.
  // Where the load is: nothing more happens.
  void EndInTheMiddle(RunEnd outcome, const std::string& why);
  void GiveUp(RunEnd outcome, const std::string& why);
  void End(SimTime now);
  void NoteProgress(SimTime now);
  // Nothing can happen any more, or has for longer than Linux's own timers would let it.
  bool Stalled(SimTime now);
  const char* WhereBusy();
  // When it is worth the while to look again: not before something happens.
  SimTime NextLook(SimTime now);
  void BeginFaults();
  void EndFaults();

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
  WindowRecorder window_;
  Phase phase_ = Phase::kConnecting;
  RunEnd outcome_ = RunEnd::kStalled;
  bool drained_ = false;
  SimTime end_;
  SimTime last_progress_;
  uint64_t last_completed_ = 0;
  uint64_t last_handed_over_ = 0;
  bool faults_over_ = false;
  std::string failure_;
  const volatile std::sig_atomic_t* interrupt_ = nullptr;
  const std::function<void(int64_t, SimTime)>* progress_ = nullptr;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_SYSTEM_H_
