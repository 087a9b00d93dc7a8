#include "sim/check/placement_law.h"

#include <iterator>

#include "absl/strings/str_cat.h"

namespace ddpsim {

int64_t PlacementLaw::Unwrap(Flow* flow, SeqNum seq) {
  if (flow->known) flow->last_at += seq - flow->last;
  flow->known = true;
  flow->last = seq;
  return flow->last_at;
}

bool PlacementLaw::OnFrame(uint16_t port, const RxVerdict& verdict, MappingSerial written,
                           SimTime now) {
  if (!verdict.placement.has_value()) return true;
  Looked();
  if (ownership_ != nullptr) ownership_->OnPlacement();
  Flow& flow = flows_[port];
  const NicPlacement& placement = *verdict.placement;
  const int64_t at = Unwrap(&flow, verdict.seq + placement.offset);
  const Placed placed = {at, placement.ccid, placement.ccoff, placement.size, written};
  if (!flow.passed.empty() && at < flow.passed.back().end) return Judge(placed, flow, now);
  auto place = flow.pending.end();
  while (place != flow.pending.begin() && std::prev(place)->at > at) --place;
  flow.pending.insert(place, placed);
  return true;
}

void PlacementLaw::OnC2HData(uint16_t port, const C2HDataSeen& pdu, SimTime now) {
  Flow& flow = flows_[port];
  const int64_t begin = Unwrap(&flow, pdu.data_seq);
  flow.passed.push_back({begin, begin + pdu.datal, pdu.ccid, pdu.datao, pdu.mapping});
  if (flow.passed.size() > kRemembered) flow.passed.pop_front();
  while (!flow.pending.empty() && flow.pending.front().at < begin + pdu.datal) {
    Judge(flow.pending.front(), flow, now);
    flow.pending.pop_front();
  }
}

bool PlacementLaw::Judge(const Placed& placed, const Flow& flow, SimTime now) {
  const int64_t at = placed.at;
  if (at < flow.passed.front().begin && flow.passed.size() == kRemembered) return true;
  for (auto pdu = flow.passed.rbegin(); pdu != flow.passed.rend(); ++pdu) {
    if (at < pdu->begin) continue;
    if (at + placed.size > pdu->end) break;
    const int64_t ccoff = pdu->datao + (at - pdu->begin);
    if (placed.ccid == pdu->ccid && placed.ccoff == ccoff) {
      return ownership_ == nullptr ||
             ownership_->OnMatched(placed.ccid, placed.size, pdu->mapping, placed.written, now);
    }
    Violate(now, absl::StrCat("bytes of ccid ", pdu->ccid, " offset ", ccoff,
                              " were placed at ccid ", placed.ccid, " offset ", placed.ccoff));
    return true;
  }
  Violate(now, absl::StrCat(placed.size, " bytes placed at ccid ", placed.ccid, " offset ",
                            placed.ccoff, " are not the data of one C2HData PDU"));
  return true;
}

}  // namespace ddpsim
