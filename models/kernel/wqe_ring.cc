#include "models/kernel/wqe_ring.h"

#include <algorithm>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {

void WqeRing::Create(CommandChannel* commands, HostMemory* memory, uint32_t log_wqebbs,
                     uint32_t cqn, bool is_icosq, SimTime now) {
  SIM_CHECK(log_wqebbs <= 16, "WQE indices have 16 bits");
  size_ = 1u << log_wqebbs;
  address_ = memory->AllocateSparse(uint64_t{size_} * kWqebbSize);
  ring_ = memory->At(address_, uint64_t{size_} * kWqebbSize);
  CommandMailbox box{};
  box.opcode = CommandOpcode::kCreateSq;
  box.create_sq = {address_, log_wqebbs, cqn, is_icosq ? 1u : 0u};
  SIM_CHECK(commands->Execute(&box, now) == CommandStatus::kOk, "CREATE_SQ");
  sqn_ = box.object;
}

void WqeRing::Destroy(CommandChannel* commands, SimTime now) {
  SIM_CHECK(commands->Destroy(CommandOpcode::kDestroySq, sqn_, now) == CommandStatus::kOk,
            "DESTROY_SQ");
  ring_ = nullptr;
}

uint8_t* WqeRing::Begin(WqeOpcode opcode, uint8_t opc_mod, uint32_t ds_count, uint32_t imm,
                        bool wants_cqe) {
  SIM_CHECK(ds_count <= 0x3f && HasRoom(DsToWqebbs(ds_count)));
  for (uint32_t nops = NopsBefore(DsToWqebbs(ds_count)); nops > 0; --nops)
    Emit(WqeOpcode::kNop, 0, 1, 0, false);
  return Emit(opcode, opc_mod, ds_count, imm, wants_cqe);
}

uint8_t* WqeRing::Emit(WqeOpcode opcode, uint8_t opc_mod, uint32_t ds_count, uint32_t imm,
                       bool wants_cqe) {
  uint8_t* wqe = Slot(producer_);
  std::memset(wqe, 0, DsToWqebbs(ds_count) * kWqebbSize);
  WqeCtrlSegment ctrl;
  ctrl.opmod_idx_opcode =
      uint32_t{opc_mod} << 24 | uint32_t{producer()} << 8 | static_cast<uint32_t>(opcode);
  ctrl.qpn_ds = sqn_ << 8 | ds_count;
  ctrl.fm_ce_se = wants_cqe ? kCeCqe : 0;
  ctrl.imm = imm;
  std::memcpy(wqe, &ctrl, sizeof(ctrl));
  last_index_ = producer();
  producer_ += DsToWqebbs(ds_count);
  return wqe;
}

void WqeRing::RequestCqeOfLast() { Slot(last_index_)[offsetof(WqeCtrlSegment, fm_ce_se)] = kCeCqe; }

void WqeRing::RingDoorbell(ExecContext& ctx) {
  ctx.Charge(Cost::kMmio);
  // The queue's lock: doorbells of two cores leave in the order of their WQEs.
  last_doorbell_ = std::max(last_doorbell_, ctx.Now());
  ctx.scheduler().Mmio(DoorbellOffset(DoorbellKind::kSq, sqn_), producer(), last_doorbell_);
}

}  // namespace ddpsim
