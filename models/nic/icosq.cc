#include "models/nic/icosq.h"

#include <cstring>

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

constexpr size_t kMkeyContextAt = sizeof(WqeCtrlSegment) + sizeof(WqeUmrCtrlSegment);
constexpr size_t kProgressParamsAt = sizeof(WqeCtrlSegment) + 4;  // behind the PSV index
constexpr uint8_t kTrackerSearching = 2;

// Copies a segment out of the WQE, which must hold it.
template <class T>
T LoadSegment(ByteSpan wqe, size_t at) {
  SIM_CHECK(at + sizeof(T) <= wqe.size(), "WQE shorter than its segments");
  T segment;
  std::memcpy(&segment, wqe.data() + at, sizeof(segment));
  return segment;
}

uint32_t ObjectOf(const WqeCtrlSegment& ctrl) { return ctrl.imm >> 8; }

}  // namespace

SimTime IcosqExecutor::Latency(ByteSpan wqe) const {
  const auto ctrl = LoadSegment<WqeCtrlSegment>(wqe, 0);
  if (ctrl.opcode() == WqeOpcode::kNop) return SimTime::Zero();
  SimTime latency = SimTime::Ns(config_.umr_latency_ns);
  if (ctrl.opcode() == WqeOpcode::kUmr && ctrl.opc_mod() == kOpcModUmrMkey) {
    const auto umr = LoadSegment<WqeUmrCtrlSegment>(wqe, sizeof(ctrl));
    latency += SimTime::Ns(config_.umr_klm_latency_ns) * uint16_t{umr.xlt_octowords};
  }
  return latency;
}

void IcosqExecutor::Execute(ByteSpan wqe) {
  const auto ctrl = LoadSegment<WqeCtrlSegment>(wqe, 0);
  bool done = false;
  switch (ctrl.opcode()) {
    case WqeOpcode::kNop:
      return;
    case WqeOpcode::kUmr:
      done = ExecuteUmr(ctrl, wqe);
      break;
    case WqeOpcode::kSetPsv:
      done = ctrl.opc_mod() == kOpcModSetPsvProgressParams && ExecuteProgressParams(ctrl, wqe);
      break;
    default:
      break;
  }
  ++stats_->umr_wqes;
  if (!done) ++stats_->umr_refused;
}

bool IcosqExecutor::ExecuteUmr(const WqeCtrlSegment& ctrl, ByteSpan wqe) {
  if (ctrl.opc_mod() == kOpcModUmrMkey) return ExecuteMkeyUmr(ctrl, wqe);
  return ctrl.opc_mod() == kOpcModUmrStaticParams && ExecuteStaticParams(ctrl, wqe);
}

bool IcosqExecutor::ExecuteMkeyUmr(const WqeCtrlSegment& ctrl, ByteSpan wqe) {
  Mkey* mkey = objects_->mkeys.Find(ObjectOf(ctrl));
  if (mkey == nullptr) return false;
  const auto umr = LoadSegment<WqeUmrCtrlSegment>(wqe, sizeof(ctrl));
  const auto context = LoadSegment<WqeMkeyContextSegment>(wqe, kMkeyContextAt);
  if ((umr.mkey_mask & kMkeyMaskFree) != 0 && (context.status & kMkeyStatusFree) != 0) {
    mkey->Invalidate();
    TellMapping(*mkey);
    return true;
  }
  klms_.clear();
  for (uint32_t i = 0; i < umr.xlt_octowords; ++i) {
    const auto klm = LoadSegment<WqeKlm>(wqe, kUmrHeaderSize + i * sizeof(WqeKlm));
    klms_.push_back({klm.va, klm.bcount});
  }
  const bool mapped = mkey->Map(context.len, umr.xlt_offset, klms_);
  TellMapping(*mkey);
  return mapped;
}

void IcosqExecutor::TellMapping(const Mkey& mkey) const {
  if (observer_ == nullptr) return;
  const bool free = mkey.free();
  observer_->OnMapping(mkey.tag_table, mkey.ccid, free ? 0 : mkey.mapped_bytes(),
                       free ? 0 : mkey.length());
}

bool IcosqExecutor::ExecuteStaticParams(const WqeCtrlSegment& ctrl, ByteSpan wqe) {
  Transport* tir = objects_->tirs.Find(ObjectOf(ctrl));
  if (tir == nullptr) return false;
  const auto params = LoadSegment<WqeStaticParams>(wqe, kUmrHeaderSize);
  RxContext& context = tir->context;
  RxContextConfig config;
  config.format = PduFormat(params.hddgst_en != 0, params.ddgst_en != 0,
                            static_cast<uint32_t>(config_.max_pdu_bytes));
  config.search = config_.search;
  config.ddp_across_data_gap = config_.ddp_across_data_gap;
  config.skips_seen_bytes = config_.skips_seen_bytes;
  config.crc_en = tir->crc_en && params.ddgst_offload_en != 0;
  context.Configure(config);
  tir->zero_copy = tir->zero_copy_en && params.zero_copy_en != 0 && tir->tags != nullptr;
  if (observer_ != nullptr) {
    observer_->OnContextParams(
        ObjectOf(ctrl),
        {params.hddgst_en != 0, params.ddgst_en != 0, tir->zero_copy, config.crc_en},
        SeqNum(params.nvme_resync_tcp_sn));
  }
  // The first static parameters come before the context is started and carry no answer.
  if (!context.started()) return true;
  const bool accepted = context.OnResyncResponse(SeqNum(params.nvme_resync_tcp_sn));
  ++(accepted ? stats_->resync_accepted : stats_->resync_stale);
  return true;
}

bool IcosqExecutor::ExecuteProgressParams(const WqeCtrlSegment& ctrl, ByteSpan wqe) {
  Transport* tir = objects_->tirs.Find(ObjectOf(ctrl));
  if (tir == nullptr) return false;
  const auto params = LoadSegment<WqeProgressParams>(wqe, kProgressParamsAt);
  const SeqNum next_pdu(params.next_pdu_tcp_sn);
  const bool searching = params.pdu_tracker_state == kTrackerSearching;
  tir->context.Start(next_pdu, searching);
  if (observer_ != nullptr) observer_->OnContextStart(ObjectOf(ctrl), next_pdu, searching);
  return true;
}

}  // namespace ddpsim
