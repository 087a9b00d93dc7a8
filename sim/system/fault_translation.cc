#include "sim/system/fault_translation.h"

#include <cmath>

namespace ddpsim {
namespace {

LossKind Translate(settings::LossModelKind kind) {
  using settings::LossModelKind;
  switch (kind) {
    case LossModelKind::kNone:
      return LossKind::kNone;
    case LossModelKind::kBernoulli:
      return LossKind::kBernoulli;
    case LossModelKind::kGilbertElliott:
      return LossKind::kGilbertElliott;
    case LossModelKind::kList:
      return LossKind::kList;
    case LossModelKind::kRanges:
      return LossKind::kRanges;
    case LossModelKind::kPdu:
      return LossKind::kPdu;
  }
  return LossKind::kNone;
}

PduPart Translate(settings::PduField field) {
  switch (field) {
    case settings::PduField::kHeader:
      return PduPart::kHeader;
    case settings::PduField::kData:
      return PduPart::kData;
    case settings::PduField::kDigest:
      return PduPart::kDigest;
  }
  return PduPart::kHeader;
}

LossFault TranslateLoss(const settings::LossConfig& from) {
  LossFault to;
  to.kind = Translate(from.model);
  to.whole_skb = from.unit == settings::LossUnit::kSkb;
  to.probability = from.probability;
  to.p_good_to_bad = from.p_good_to_bad;
  to.p_bad_to_good = from.p_bad_to_good;
  to.loss_good = from.loss_good;
  to.loss_bad = from.loss_bad;
  to.packets = from.packets;
  for (const settings::LossRange& range : from.ranges) {
    to.ranges.push_back({static_cast<uint32_t>(range.connection), static_cast<uint64_t>(range.from),
                         static_cast<uint64_t>(range.to), static_cast<uint32_t>(range.times)});
  }
  to.part = Translate(from.field);
  to.every = static_cast<uint64_t>(from.every);
  to.offset = static_cast<uint64_t>(from.offset);
  to.times = static_cast<uint32_t>(from.times);
  return to;
}

CorruptFault TranslateCorrupt(const settings::CorruptConfig& from) {
  using settings::CorruptField;
  CorruptFault to;
  to.probability = from.probability;
  to.packets = from.list;
  to.fix_checksum = from.fix_checksum;
  to.any_payload = from.field == CorruptField::kPayload;
  if (from.field == CorruptField::kHeader) to.part = PduPart::kHeader;
  if (from.field == CorruptField::kDigest) to.part = PduPart::kDigest;
  return to;
}

ScriptFault TranslateScript(const settings::ScriptConfig& from) {
  ScriptFault to;
  to.connection = static_cast<uint32_t>(from.connection);
  for (const settings::ScriptSegmentConfig& segment : from.segments) {
    to.segments.push_back({static_cast<uint64_t>(segment.from), static_cast<uint64_t>(segment.to),
                           SimTime::Ps(std::llround(segment.after_us * 1e6))});
  }
  to.flipped.assign(from.flipped.begin(), from.flipped.end());
  return to;
}

}  // namespace

LinkFaults TranslateFaults(const settings::FaultConfig& from) {
  LinkFaults to;
  to.loss = TranslateLoss(from.loss);
  to.reorder.probability = from.reorder.probability;
  to.reorder.delay = SimTime::Ps(std::llround(from.reorder.delay_us * 1e6));
  to.reorder.packets = from.reorder.list;
  to.duplicate.probability = from.duplicate.probability;
  to.duplicate.packets = from.duplicate.list;
  to.corrupt = TranslateCorrupt(from.corrupt);
  to.script = TranslateScript(from.script);
  return to;
}

}  // namespace ddpsim
