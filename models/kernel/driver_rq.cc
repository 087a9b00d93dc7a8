#include "models/kernel/driver_rq.h"

#include <utility>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/doorbell.h"
#include "ddpsim/hw/wqe.h"

namespace ddpsim {
namespace {

constexpr uint32_t kWqeBulk = 8;  // mlx5e_build_rq_frags_info(): wqe_bulk is at least 8

}  // namespace

void DriverRq::Create(CommandChannel* commands, uint32_t log_entries, uint32_t cqn, SimTime now) {
  mask_ = (1u << log_entries) - 1;
  const uint64_t size = sizeof(WqeDataSegment) << log_entries;
  const PhysAddr ring = memory_->Allocate(size);
  ring_ = memory_->At(ring, size);
  buffers_.resize(mask_ + 1);
  CommandMailbox box{};
  box.opcode = CommandOpcode::kCreateRq;
  box.create_rq = {ring, log_entries, cqn};
  SIM_CHECK(commands->Execute(&box, now) == CommandStatus::kOk, "CREATE_RQ");
  rqn_ = box.object;
}

// WQEs complete in ring order: the next packet's headers will be wanted soon, and the description
// of the one behind it.
void DriverRq::PrefetchAfter(uint16_t wqe_counter) const {
  __builtin_prefetch(buffers_[(wqe_counter + 2u) & mask_].get());
  if (const RxBuffer* next = buffers_[(wqe_counter + 1u) & mask_].get(); next != nullptr) {
    __builtin_prefetch(next->data);
    __builtin_prefetch(next->data + 64);
  }
}

RefPtr<RxBuffer> DriverRq::Take(uint16_t wqe_counter) {
  RefPtr<RxBuffer>& slot = buffers_[wqe_counter & mask_];
  SIM_CHECK(static_cast<bool>(slot), "a CQE names a receive WQE that was not posted");
  ++taken_;
  PrefetchAfter(wqe_counter);
  return std::exchange(slot, nullptr);
}

void DriverRq::Refill(ExecContext& ctx) {
  const uint32_t missing = mask_ + 1 - (producer_ - taken_);
  if (missing < kWqeBulk) return;
  ctx.Charge(Cost::kRxRefill, missing);
  for (uint32_t i = 0; i < missing; ++i) {
    RefPtr<RxBuffer>& slot = buffers_[producer_ & mask_];
    slot = pool_.Take();
    WqeDataSegment segment;
    segment.byte_count = geometry().byte_count;
    segment.addr = slot->addr;
    std::memcpy(ring_ + (producer_ & mask_) * sizeof(segment), &segment, sizeof(segment));
    ++producer_;
  }
  ctx.scheduler().Mmio(DoorbellOffset(DoorbellKind::kRq, rqn_), producer_, ctx.Now());
}

}  // namespace ddpsim
