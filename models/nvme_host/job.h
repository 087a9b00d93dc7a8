// One fio process with ioengine=libaio, direct=1: a thread that submits I/Os one by one up to
// iodepth, and reaps completions one by one (iodepth_batch and iodepth_batch_complete are 1 by
// default). Left out: several threads, verify's own CPU cost (checking is the simulator's, not the
// modelled program's). Invariants: never more than iodepth I/Os in flight; a thread that waits for
// a tag in io_submit() reaps nothing meanwhile.
#ifndef DDPSIM_MODELS_NVME_HOST_JOB_H_
#define DDPSIM_MODELS_NVME_HOST_JOB_H_

#include <cstdint>
#include <vector>

#include "ddpsim/base/rng.h"
#include "models/nvme_host/block_queue.h"
#include "models/nvme_host/io_buffers.h"
#include "models/nvme_host/load_config.h"

namespace ddpsim {

// What the jobs of a load share.
class JobEvents {
 public:
  // May another I/O be issued at `now`?
  virtual bool MayIssue(SimTime now) = 0;
  virtual uint64_t NextNumber() = 0;
  // An I/O was reaped: `ok` is its NVMe status.
  virtual void OnReaped(SimTime now, SimTime latency, bool ok) = 0;

 protected:
  ~JobEvents() = default;
};

class Job final : public WorkItem, private IoOwner {
 public:
  // Issues nothing before Grant().
  Job(uint32_t index, CoreId core, const LoadConfig& config, const Content& content,
      HostMemory* memory, BlockQueue* queue, JobEvents* events, LoadStats* result);

  // It may issue that many more; to be queued then.
  void Grant(uint64_t ios) { quota_ += ios; }
  CoreId core() const { return core_; }
  IoBuffers& buffers() { return buffers_; }

  bool RunPiece(ExecContext& ctx) override;

 private:
  void OnIoDone(ExecContext& ctx, Io* io) override;
  void OnTagFree(ExecContext& ctx) override;
  void Wake(ExecContext& ctx);
  void Start(ExecContext& ctx);
  // Goes on with the I/O being submitted; false: waits for a tag.
  bool Submit(ExecContext& ctx);
  void Reap(ExecContext& ctx);
  uint64_t NextOffset();

  CoreId core_;
  uint64_t quota_ = 0;
  const LoadConfig& config_;
  const Content& content_;
  BlockQueue* queue_;
  JobEvents* events_;
  LoadStats* result_;
  Rng rng_;
  IoBuffers buffers_;
  uint64_t blocks_;
  uint64_t next_block_ = 0;
  std::vector<Io> ios_;             // by slot
  std::vector<uint32_t> free_;      // slots
  std::vector<uint32_t> finished_;  // slots to reap: a ring of iodepth
  uint64_t finished_head_ = 0;
  uint64_t finished_tail_ = 0;
  uint64_t issued_ = 0;
  Io* submitting_ = nullptr;
  bool waiting_for_tag_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_JOB_H_
