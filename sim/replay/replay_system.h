// The storage host of the simulated system with a capture in place of cable and target:
//
//   ReplaySourceModule <- h2c link -- NicModule <- PCIe -> CpuModule (kernel, recorded queues)
//        |  ---- frames ------->          |           |
//                                        DMA ------> MemoryModule
//
// REQUIRES: a FreshKernel around it; one run per object.
#ifndef DDPSIM_SIM_REPLAY_REPLAY_SYSTEM_H_
#define DDPSIM_SIM_REPLAY_REPLAY_SYSTEM_H_

#include <memory>

#include "ddpsim/ports/island.h"
#include "models/kernel/cpu_module.h"
#include "models/link/link_module.h"
#include "models/mem/memory_module.h"
#include "models/nic/nic_module.h"
#include "models/pcie/pcie_module.h"
#include "sim/replay/buffer_slabs.h"
#include "sim/replay/replayer.h"
#include "sim/system/system_config.h"

namespace ddpsim {

class ReplaySystem : private Wakeable {
 public:
  ReplaySystem(const SystemConfig& config, Mode mode, const ReplayOptions& options,
               const std::vector<ConnectionFacts>& facts, std::unique_ptr<CaptureWalk> walk,
               AnnotatedCapture* annotated);

  // Plays the capture to its end. Not ok: it could not be read.
  absl::Status Run();

  bool interrupted() const { return interrupted_; }
  SimTime now() const { return end_; }
  const SystemConfig& config() const { return config_; }
  ReplayRecorder& recorder() { return recorder_; }
  Replayer& replayer() { return *replayer_; }
  Kernel& kernel() { return cpu_.kernel(); }
  Nic& nic() { return nic_.nic(); }

 private:
  enum class Phase { kPlaying, kReading, kClosing, kEnded };

  void Bind();
  void OnDeadline(SimTime now) override;
  // Nothing is on its way to the host's queues.
  bool Quiet();
  void Open(SimTime now);

  SystemConfig config_;
  Mode mode_;
  const ReplayOptions& options_;
  std::vector<ConnectionFacts> facts_;
  std::unique_ptr<CaptureWalk> walk_;
  AnnotatedCapture* annotated_;
  Island island_;
  FramePool frames_;
  HostMemory memory_;
  Llc llc_;
  ReplayRecorder recorder_;
  LinkObserver no_observer_;
  LinkModule h2c_;
  PcieModule pcie_;
  MemoryModule memory_module_;
  NicModule nic_;
  CpuModule cpu_;
  ReplaySourceModule source_;
  BufferSlabs buffers_;
  std::function<void(const DeliveredRead&)> on_read_;
  std::unique_ptr<Replayer> replayer_;
  Deadline look_;
  Phase phase_ = Phase::kPlaying;
  int looks_ = 0;  // of a phase
  bool interrupted_ = false;
  SimTime end_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_REPLAY_REPLAY_SYSTEM_H_
