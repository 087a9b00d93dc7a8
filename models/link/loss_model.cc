#include "models/link/loss_model.h"

#include "models/link/bernoulli_loss.h"
#include "models/link/gilbert_elliott_loss.h"
#include "models/link/packet_list.h"
#include "models/link/pdu_loss.h"
#include "models/link/range_loss.h"

namespace ddpsim {

std::unique_ptr<LossModel> MakeLossModel(const LossFault& fault, uint8_t data_pdu_type, Rng rng) {
  switch (fault.kind) {
    case LossKind::kNone:
      return nullptr;
    case LossKind::kBernoulli:
      return std::make_unique<BernoulliLoss>(fault.probability, rng);
    case LossKind::kGilbertElliott:
      return std::make_unique<GilbertElliottLoss>(fault, rng);
    case LossKind::kList:
      return std::make_unique<ListLoss>(fault.packets);
    case LossKind::kRanges:
      return std::make_unique<RangeLoss>(fault.ranges);
    case LossKind::kPdu:
      return std::make_unique<PduLoss>(fault, data_pdu_type);
  }
  return nullptr;
}

LinkDropReason DropReasonOf(LossKind kind) {
  switch (kind) {
    case LossKind::kNone:
      return LinkDropReason::kNone;
    case LossKind::kBernoulli:
      return LinkDropReason::kBernoulli;
    case LossKind::kGilbertElliott:
      return LinkDropReason::kGilbertElliott;
    case LossKind::kList:
      return LinkDropReason::kList;
    case LossKind::kRanges:
      return LinkDropReason::kRanges;
    case LossKind::kPdu:
      return LinkDropReason::kPdu;
  }
  return LinkDropReason::kNone;
}

}  // namespace ddpsim
