#include "models/nvme_host/request_timer.h"

#include <utility>

namespace ddpsim {
namespace {

constexpr int64_t kMaxTimeoutSeconds = 5;  // BLK_MAX_TIMEOUT

// blk_timeout_mask + 1: roundup_pow_of_two(HZ).
int64_t Grouping(int64_t hz) {
  int64_t power = 1;
  while (power < hz) power *= 2;
  return power;
}

}  // namespace

void RequestTimer::Add(Request* request, SimTime timeout, SimTime now) {
  const Jiffies& ticks = timer_.ticks();
  const int64_t hz = ticks.hz();
  const bool grouped = timeout >= SimTime::Sec(1);
  const int64_t jiffy = ticks.At(now);
  request->started_jiffy = jiffy;
  request->deadline = jiffy + std::max<int64_t>(1, ticks.FromUs(timeout.us()));
  // blk_rq_timeout(blk_round_jiffies(expiry)): what is called rounding adds the whole of it.
  const int64_t grouping = grouped ? Grouping(hz) : 0;
  const int64_t expires = grouping + std::min(request->deadline, jiffy + kMaxTimeoutSeconds * hz);
  // A timer that comes a little later than asked for is left alone.
  const int64_t tolerance = grouped ? hz / 2 : 1;
  if (!pending_ || expires_ - expires >= tolerance) ArmAt(expires, now);
}

void RequestTimer::ArmAt(int64_t expires, SimTime now) {
  pending_ = true;
  expires_ = expires;
  timer_.ArmAtJiffy(now, expires);
}

void RequestTimer::BeginWork(SimTime now) {
  pending_ = false;
  work_jiffy_ = timer_.ticks().At(now);
  next_ = 0;
  late_.clear();
}

// blk_mq_req_expired()
void RequestTimer::Look(Request* request) {
  if (work_jiffy_ >= request->deadline) {
    late_.push_back(request);
  } else if (next_ == 0 || request->deadline < next_) {
    next_ = request->deadline;
  }
}

std::vector<Request*> RequestTimer::EndWork(SimTime now) {
  if (next_ != 0) ArmAt(next_, now);
  return std::exchange(late_, {});
}

void RequestTimer::Disarm() {
  pending_ = false;
  timer_.Disarm();
}

}  // namespace ddpsim
