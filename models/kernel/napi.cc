#include "models/kernel/napi.h"

namespace ddpsim {
namespace {

constexpr uint32_t kNapiPollWeight = 64;  // NAPI_POLL_WEIGHT

}  // namespace

bool Napi::Irq::RunPiece(ExecContext& ctx) {
  ctx.Charge(Cost::kHardirq);
  ctx.Queue(napi_->core_, CpuContext::kSoftirq, napi_);
  return false;
}

bool Napi::RunPiece(ExecContext& ctx) {
  if (!polling_) {
    polling_ = true;
    done_ = 0;
    ctx.Charge(Cost::kNapiPoll);
  }
  const NapiPoller::Work work = poller_->Poll(ctx, kNapiPollWeight - done_);
  done_ += work.packets;
  const bool budget_used = done_ >= kNapiPollWeight;
  if (!budget_used && (work.packets > 0 || work.other)) {
    turn_over = false;
    return true;
  }
  polling_ = false;
  turn_over = true;
  poller_->EndPoll(ctx, !budget_used);
  return budget_used;
}

}  // namespace ddpsim
