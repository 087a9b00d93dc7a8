// The storage host's software above TCP: the nvme-tcp initiator, the block layer and fio, wired
// together. Mirrors `nvme connect` followed by fio on the block device. Left out: file systems,
// page cache. Invariant: everything here happens in work items of the CpuScheduler; no method but
// Start*, Shutdown has an effect of its own.
#ifndef DDPSIM_MODELS_NVME_HOST_NVME_HOST_H_
#define DDPSIM_MODELS_NVME_HOST_NVME_HOST_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "models/nvme_host/block_queue.h"
#include "models/nvme_host/controller.h"
#include "models/nvme_host/load.h"

namespace ddpsim {

class NvmeHost {
 public:
  NvmeHost(const NvmeHostConfig& config, const HostBoxes& boxes);

  // Connects; ready() follows, or failed() when the target cannot be reached.
  void Start(SimTime now);
  bool ready() const { return controller_.state() == ControllerState::kLive; }
  bool failed() const { return controller_.state() == ControllerState::kFailed; }
  // What went wrong with the controller last; empty: nothing did.
  const std::string& failure() const { return controller_.failure(); }
  // failed() after it was ready(): it stayed unreachable for ctrl_loss_tmo. All I/O fails.
  bool lost() const { return controller_.lost(); }

  // REQUIRES: ready(), no load is running. Not OK: the namespace is smaller than the load's size,
  // or bs is no multiple of its blocks. `observer` may be null.
  absl::Status StartLoad(const LoadConfig& config, const Content& content, WindowObserver* observer,
                         SimTime now);
  // All I/Os of the load ended.
  bool finished() const { return load_ != nullptr && load_->finished(); }
  bool has_load() const { return load_ != nullptr; }
  Load& load() { return *load_; }
  const LoadStats& result() const { return load_->result(); }

  // Orderly end; closed() follows. REQUIRES: no I/O in flight.
  void Shutdown(SimTime now) { controller_.Shutdown(now); }
  bool closed() const { return controller_.state() == ControllerState::kDeleted; }

  Controller& controller() { return controller_; }
  // Sum over the I/O queues.
  HostQueueStats IoStats();

 private:
  HostBoxes boxes_;
  Controller controller_;
  std::vector<std::unique_ptr<BlockQueue>> block_queues_;
  std::unique_ptr<Load> load_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_NVME_HOST_H_
