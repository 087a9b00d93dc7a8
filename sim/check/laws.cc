#include "sim/check/laws.h"

#include <utility>

namespace ddpsim {

std::vector<const Law*> Laws::All() const {
  std::vector<const Law*> all = {&run_completes, &delivery, &completion,   &mapping,
                                 &order,         &stream,   &transparency, &conservation};
  const auto ask = [&all](const Law& law, bool has_something) {
    if (has_something || law.violation_count() > 0) all.push_back(&law);
  };
  ask(storage, writes);
  ask(digest, digests);
  ask(placement, placed);
  ask(ownership, placed);
  ask(goodput, measured);
  ask(resumption, offload);
  ask(liveness, offload);
  ask(efficiency, offload && efficiency.presented() > 0);
  return all;
}

std::vector<const Law*> Laws::Everyone() const {
  return {&run_completes, &delivery, &completion, &mapping,   &order,      &stream,
          &transparency,  &digest,   &placement,  &ownership, &resumption, &liveness,
          &conservation,  &storage,  &efficiency, &goodput};
}

void Laws::JudgePlacement(uint16_t port, const RxVerdict& verdict, SimTime now) {
  if (!verdict.placement.has_value()) return;
  const bool own = placement.OnFrame(port, verdict, mapping.last_written(), now);
  const bool owed = own || efficiency.LastWasOwed(*verdict.placement);
  const char* defect = nullptr;
  if (finder.OnPlaced(port, verdict, own, owed)) {
    defect = WordsOf(Defect::kOldBytesPlaced).name;
    ownership.Explain(defect);
    mapping.DisownPlacement();
  } else if (!mapping.rewrites().empty() && finder.Rewrites(port, verdict)) {
    defect = WordsOf(Defect::kBackwardDatao).name;
  }
  if (defect != nullptr)
    for (uint64_t number : mapping.rewrites()) mapping.ExplainNumber(defect, number);
  mapping.EndPlacement();
}

void Laws::JudgeDigest(const PduAccepted& pdu, uint16_t port, SimTime now) {
  const uint64_t before = digest.false_crc_ok();
  const uint64_t refused = defects.count(Defect::kDataInChunks);
  digest.OnPduAccepted(pdu, now);
  if (defects.count(Defect::kDataInChunks) != refused) finder.OnRefused(pdu.queue, pdu.cid);
  if (digest.false_crc_ok() == before) return;
  // The digest was right for the bytes that lay there before.
  if (finder.WentBack(port, pdu.cid)) {
    digest.Explain(WordsOf(Defect::kBackwardDatao).name);
  } else if (const char* defect = finder.OnFalseCrcOk(pdu.queue)) {
    digest.Explain(defect);
  }
}

void Laws::ExplainWrongPages(const Skb& skb, uint64_t violations_before) {
  if (transparency.violation_count() == violations_before) return;
  if (const char* defect = finder.WrongPagesOf(skb)) transparency.Explain(defect);
}

bool Laws::Pass() const {
  if (bytes_checked() == 0) return false;
  for (const Law* law : All()) {
    if (law->checks() == 0 || law->violation_count() != 0) return false;
  }
  return true;
}

const Law* Laws::FirstBroken() const {
  const Law* first = nullptr;
  std::pair<bool, SimTime> least;  // what no known defect explains comes first
  for (const Law* law : Everyone()) {
    const std::optional<Law::Told> told = law->First();
    if (!told.has_value()) continue;
    const std::pair<bool, SimTime> key = {told->defect != nullptr, told->at};
    if (first != nullptr && !(key < least)) continue;
    first = law;
    least = key;
  }
  return first;
}

}  // namespace ddpsim
