// The timeout timer of one request_queue: blk_add_timer() and blk_mq_timeout_work() of Linux 6.1
// (block/blk-timeout.c, block/blk-mq.c). A request's deadline is exact to the jiffy; the timer that
// looks at the deadlines is not: it is put off by about a second so that many requests share it,
// and is never armed for longer than five seconds and that ahead. Left out: fake timeouts, requests
// whose driver asks for more time.
// Where Linux has no word: nvme_core.io_timeout counts whole seconds. A timeout of less is looked
// at on its own tick, without the second of grouping.
#ifndef DDPSIM_MODELS_NVME_HOST_REQUEST_TIMER_H_
#define DDPSIM_MODELS_NVME_HOST_REQUEST_TIMER_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/nvme_host/request.h"
#include "models/nvme_host/work_timer.h"

namespace ddpsim {

class RequestTimer {
 public:
  RequestTimer(Calendar* calendar, CpuScheduler* scheduler, CoreId core, WorkItem* item,
               const Jiffies& ticks)
      : timer_(calendar, scheduler, core, item, ticks) {}

  // blk_add_timer(): `request` starts, and has `timeout`.
  void Add(Request* request, SimTime timeout, SimTime now);
  // The timer fired: blk_mq_timeout_work() is to run. The caller offers each started request of the
  // queue to Look(), then takes those that are late.
  bool TakeFired() { return timer_.TakeFired(); }
  void BeginWork(SimTime now);
  void Look(Request* request);
  std::vector<Request*> EndWork(SimTime now);
  void Disarm();

 private:
  void ArmAt(int64_t expires, SimTime now);

  WorkTimer timer_;
  bool pending_ = false;
  int64_t expires_ = 0;  // of the timer, while it is pending
  // Of the work being done.
  int64_t work_jiffy_ = 0;
  int64_t next_ = 0;  // earliest deadline to come; 0: none
  std::vector<Request*> late_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_REQUEST_TIMER_H_
