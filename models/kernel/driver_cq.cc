#include "models/kernel/driver_cq.h"

#include <algorithm>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {

void DriverCq::Create(CommandChannel* commands, HostMemory* memory, const DriverCqConfig& config,
                      SimTime now) {
  mask_ = (1u << config.log_entries) - 1;
  cqe_bytes_ = config.cqe_bytes;
  const uint64_t size = uint64_t{cqe_bytes_} << config.log_entries;
  address_ = memory->Allocate(size);
  ring_ = memory->At(address_, size);
  std::memset(ring_, 0, size);
  const uint8_t invalid = static_cast<uint8_t>(static_cast<uint8_t>(CqeOpcode::kInvalid) << 4 | 1);
  for (uint32_t i = 0; i <= mask_; ++i) ring_[(i + 1) * cqe_bytes_ - 1] = invalid;
  CommandMailbox box{};
  box.opcode = CommandOpcode::kCreateCq;
  box.create_cq = {address_,      config.log_entries,      cqe_bytes_,
                   config.vector, config.moderation_usecs, config.moderation_frames};
  SIM_CHECK(commands->Execute(&box, now) == CommandStatus::kOk, "CREATE_CQ");
  cqn_ = box.object;
}

void DriverCq::Destroy(CommandChannel* commands, SimTime now) {
  SIM_CHECK(commands->Destroy(CommandOpcode::kDestroyCq, cqn_, now) == CommandStatus::kOk,
            "DESTROY_CQ");
  ring_ = nullptr;
}

void DriverCq::Moderate(CommandChannel* commands, uint32_t usecs, uint32_t frames, SimTime now) {
  CommandMailbox box{};
  box.opcode = CommandOpcode::kModifyCq;
  box.modify_cq = {cqn_, usecs, frames};
  SIM_CHECK(commands->Execute(&box, now) == CommandStatus::kOk, "MODIFY_CQ");
}

void DriverCq::UpdateConsumer(ExecContext& ctx) {
  if (told_ == consumer_) return;
  told_ = consumer_;
  last_doorbell_ = std::max(last_doorbell_, ctx.Now());
  ctx.scheduler().Mmio(DoorbellOffset(DoorbellKind::kCqConsumer, cqn_), consumer_, ctx.Now());
}

void DriverCq::Arm(ExecContext& ctx) {
  UpdateConsumer(ctx);
  ctx.Mmio(DoorbellOffset(DoorbellKind::kCqArm, cqn_), consumer_);
  last_doorbell_ = std::max(last_doorbell_, ctx.Now());
}

}  // namespace ddpsim
