// One NAPI instance: interrupt -> hardirq -> softirq poll with a budget of 64. Mirrors
// mlx5e_completion_event() and mlx5e_napi_poll() (Linux 6.1 en_txrx.c) around whatever rings the
// poller has. A poll is cut into pieces: each takes what is there at its start, and the poll goes
// on while more came in the meantime and budget is left. Left out: busy polling, threaded NAPI, IRQ
// affinity changes. Invariant: the rings' interrupts are armed only after a piece that found
// nothing.
#ifndef DDPSIM_MODELS_KERNEL_NAPI_H_
#define DDPSIM_MODELS_KERNEL_NAPI_H_

#include <cstdint>

#include "ddpsim/net/exec_context.h"

namespace ddpsim {

class NapiPoller {
 public:
  struct Work {
    uint32_t packets = 0;  // against the budget
    bool other = false;    // completions that do not count
  };
  virtual ~NapiPoller() = default;
  // Handles what is there now.
  virtual Work Poll(ExecContext& ctx, uint32_t budget) = 0;
  // End of a poll; `complete`: nothing is left, interrupts are to be armed.
  virtual void EndPoll(ExecContext& ctx, bool complete) = 0;
};

class Napi final : public WorkItem {
 public:
  Napi(CpuScheduler* scheduler, CoreId core, NapiPoller* poller)
      : irq_(this), scheduler_(scheduler), core_(core), poller_(poller) {}
  void OnInterrupt(SimTime now) { scheduler_->Queue(core_, CpuContext::kHardirq, &irq_, now); }
  bool RunPiece(ExecContext& ctx) override;
  CoreId core() const { return core_; }

 private:
  class Irq final : public WorkItem {
   public:
    explicit Irq(Napi* napi) : napi_(napi) {}
    bool RunPiece(ExecContext& ctx) override;

   private:
    Napi* napi_;
  };

  Irq irq_;
  CpuScheduler* scheduler_;
  CoreId core_;
  NapiPoller* poller_;
  bool polling_ = false;
  uint32_t done_ = 0;  // packets in this poll
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NAPI_H_
