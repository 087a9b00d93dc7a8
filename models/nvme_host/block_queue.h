// The block layer between an I/O and one nvme-tcp queue: bios are split to the limits into
// requests, a submitter without a tag sleeps, failed requests are tried again (nvme_complete_rq(),
// nvme_decide_disposition() of Linux 6.1 core.c), but not those of a device that is gone. Left out:
// merging, plugging, schedulers (all off for raw random I/O with scheduler none), multipath
// failover, CRD delays. Invariants: an I/O ends once, when all its requests have; a request keeps
// its tag over retries (blk_mq_requeue_request()).
#ifndef DDPSIM_MODELS_NVME_HOST_BLOCK_QUEUE_H_
#define DDPSIM_MODELS_NVME_HOST_BLOCK_QUEUE_H_

#include <cstdint>
#include <deque>

#include "models/nvme_host/controller_config.h"
#include "models/nvme_host/host_queue.h"

namespace ddpsim {

struct Io;

// Whoever submits: told in the context of whoever completes.
class IoOwner {
 public:
  virtual void OnIoDone(ExecContext& ctx, Io* io) = 0;
  virtual void OnTagFree(ExecContext& ctx) = 0;

 protected:
  ~IoOwner() = default;
};

struct Io {
  uint64_t number = 0;  // unique over all jobs
  uint64_t offset = 0;  // on the device
  uint32_t length = 0;
  bool write = false;
  PhysAddr addr = 0;
  uint8_t* data = nullptr;
  IoOwner* owner = nullptr;
  uint32_t slot = 0;     // owner's
  SimTime submitted_at;  // owner's

  uint32_t issued = 0;   // bytes handed to requests
  uint32_t pending = 0;  // requests not ended
  NvmeStatus status = kNvmeSuccess;
};

class BlockQueue final : private RequestOwner {
 public:
  BlockQueue(HostQueue* queue, const BlockLimits* limits) : queue_(queue), limits_(limits) {}

  // Issues the I/O, or as much of it as there are tags; false: owner->OnTagFree() comes when going
  // on may succeed.
  bool Submit(ExecContext& ctx, Io* io);
  HostQueue& queue() { return *queue_; }
  uint64_t requests_failed() const { return requests_failed_; }
  // The device is gone: what is submitted fails.
  bool dying() const { return limits_->dying; }

 private:
  void OnRequestDone(ExecContext& ctx, Request* request) override;
  uint32_t NextLength(const Io& io) const;
  void Issue(ExecContext& ctx, Io* io, Request* request, uint32_t length);
  bool ShouldRetry(const Request& request) const;

  HostQueue* queue_;
  const BlockLimits* limits_;
  std::deque<IoOwner*> waiters_;  // for a tag, first come first served
  uint64_t requests_failed_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_BLOCK_QUEUE_H_
