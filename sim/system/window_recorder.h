// Takes the counters at the two ends of the measured window. Software says when the window opens
// and closes in the time of its core, which may be ahead of the calendar by what it has charged:
// the picture is taken when the calendar comes there, so that each piece of work is on its side of
// the border. Invariant: the cores are not busier in the window than it is long.
#ifndef DDPSIM_SIM_SYSTEM_WINDOW_RECORDER_H_
#define DDPSIM_SIM_SYSTEM_WINDOW_RECORDER_H_

#include "ddpsim/ports/island.h"
#include "models/kernel/cpu.h"
#include "models/nvme_host/nvme_host.h"
#include "sim/check/placement_ledger.h"
#include "sim/system/window.h"

namespace ddpsim {

class WindowRecorder final : public WindowObserver, private Wakeable {
 public:
  WindowRecorder(Island* island, PlacementLedger* placement)
      : island_(island), placement_(placement), due_(&island->calendar(), this) {}

  // Whose counters. REQUIRES: before the load starts; both outlive the run.
  void Watch(Cpu* cpu, NvmeHost* nvme) {
    cpu_ = cpu;
    nvme_ = nvme;
  }
  void OnWindowStart(SimTime at) override;
  void OnWindowEnd(SimTime at) override;
  // The run ends: takes at once what is still to be taken.
  void Finish();

  const Window& window() const { return window_; }

 private:
  void OnDeadline(SimTime now) override;
  void TakeAt(WindowSnapshot* snapshot, SimTime at);
  void Take(SimTime now);

  Island* island_;
  PlacementLedger* placement_;
  Cpu* cpu_ = nullptr;
  NvmeHost* nvme_ = nullptr;
  Deadline due_;
  WindowSnapshot* pending_ = nullptr;
  Window window_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_WINDOW_RECORDER_H_
