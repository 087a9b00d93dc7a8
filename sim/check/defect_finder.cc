#include "sim/check/defect_finder.h"

#include <algorithm>
#include <limits>

namespace ddpsim {
namespace {

// More placements than a ring and GRO can hold back: what is older was never reported.
constexpr size_t kPlacedKept = 65536;
// Skbs that TCP can hold back, or that no C2HData follows (those of writes).
constexpr size_t kSkbsKept = 65536;
// PDUs that the NIC has placed and nvme-tcp has not read.
constexpr size_t kBackwardKept = 256;
// What a PDU may be ahead of the one that is read: the largest receive window (RFC 7323).
constexpr int32_t kMostAhead = int32_t{1} << 30;

template <class T>
void Remember(RingQueue<T>* kept, const T& newest, size_t most) {
  kept->push_back(newest);
  if (kept->size() > most) kept->drop_front();
}

}  // namespace

bool DefectFinder::OnPlaced(uint16_t port, const RxVerdict& verdict, bool own, bool owed) {
  const bool known = !own && owed;
  const NicPlacement& placement = *verdict.placement;
  if (known) {
    met_->Met(Defect::kOldBytesPlaced);
    touched_.emplace(true, port, placement.ccid, placement.generation);
  }
  Flow& flow = flows_[port];
  const SeqNum at = verdict.seq + placement.offset;
  Filled& filled = flow.filled[placement.ccid];
  const bool same = filled.generation == placement.generation;
  // The PDU of the mapping before goes on: its bytes fill nothing of this one.
  const SeqNum origin = OriginOf(at, placement.ccoff);
  const bool old = !same && filled.end > 0 && origin == filled.Origin();
  if (!same && !old) went_back_.erase({port, placement.ccid});
  // Its header may never be read, for the driver may lose its packets.
  if (same && own && placement.ccoff < filled.end && at >= filled.end_seq)
    MetBackward(&flow, port, placement.ccid, origin);
  if (own && !old) {
    const bool goes_on = same && origin == filled.Origin();
    filled = {placement.generation, goes_on ? filled.begin : placement.ccoff,
              placement.ccoff + placement.size, at + placement.size};
  }
  const Range data = {at, at + placement.size};
  Remember(&flow.placed, Placed{verdict.seq, placement.ccid, placement.generation, !known, data},
           kPlacedKept);
  return known;
}

bool DefectFinder::Overlap(const Range& a, const Range& b) {
  return a.begin < b.end && b.begin < a.end;
}

bool DefectFinder::IsBackward(const Flow& flow, SeqNum origin) {
  return std::find(flow.backward.begin(), flow.backward.end(), origin) != flow.backward.end();
}

bool DefectFinder::PlacedBefore(const Filled& filled, SeqNum data_seq, uint32_t datao,
                                uint32_t datal) {
  const int32_t ahead = filled.end_seq - (data_seq + datal);
  return ahead > 0 && ahead <= kMostAhead && filled.begin < datao + datal && filled.end > datao;
}

bool DefectFinder::Rewrites(uint16_t port, const RxVerdict& verdict) {
  const Flow* flow = flows_.Find(port);
  if (flow == nullptr || !verdict.placement.has_value()) return false;
  return IsBackward(*flow,
                    OriginOf(verdict.seq + verdict.placement->offset, verdict.placement->ccoff));
}

void DefectFinder::OnRequestStart(uint32_t queue, uint16_t port, Cid cid) {
  filled_.erase({queue, cid});
  refused_.erase({queue, cid});
  went_back_.erase({port, cid});
}

void DefectFinder::Forget(uint16_t port) {
  flows_.Erase(port);
  went_back_.erase(went_back_.lower_bound({port, 0}),
                   went_back_.upper_bound({port, std::numeric_limits<Ccid>::max()}));
}

void DefectFinder::MetBackward(Flow* flow, uint16_t port, Ccid ccid, SeqNum origin) {
  went_back_.emplace(port, ccid);
  if (IsBackward(*flow, origin)) return;
  flow->backward.push_back(origin);
  if (flow->backward.size() > kBackwardKept) flow->backward.pop_front();
  met_->Met(Defect::kBackwardDatao);
}

// Packets of a flow come up in order, save where its steering rule changed between them.
std::optional<DefectFinder::Placed> DefectFinder::Take(Flow* flow, const PlacementReport& report) {
  RingQueue<Placed>& placed = flow->placed;
  for (size_t i = 0; i < placed.size(); ++i) {
    if (placed[i].seq != report.seq || placed[i].ccid != report.ccid) continue;
    const Placed found = placed[i];
    for (size_t passed = 0; passed <= i; ++passed) placed.drop_front();
    return found;
  }
  return std::nullopt;
}

void DefectFinder::OnPlacementReport(const PlacementReport& report) {
  reported_ = report;
  wrong_pages_by_.reset();
  // Its bytes may have been written over, if no cursor is wrong.
  if (WentBack(report.host_port, report.ccid)) wrong_pages_by_ = Defect::kBackwardDatao;
  Flow& flow = flows_[report.host_port];
  const std::optional<Placed> placed = Take(&flow, report);
  if (!placed.has_value()) return;
  const bool late = placed->generation < report.mapping;
  const bool wrong_pages = report.past_sgl || report.cursor != report.ccoff;
  if (!wrong_pages) flow.moved_by.reset();
  if (late) {
    flow.moved_by = Defect::kCqeAfterNextSetup;
  } else if (!placed->own) {
    flow.moved_by = Defect::kOldBytesPlaced;
  } else if (report.cursor_mapping != report.mapping) {
    flow.moved_by = Defect::kCcidWithoutGeneration;
  }
  if (!wrong_pages) return;
  const bool went_back = report.cursor_mapping == report.mapping && report.ccoff < report.cursor;
  if (!flow.moved_by.has_value() && went_back && !flow.backward.empty())
    flow.moved_by = Defect::kBackwardDatao;
  if (!flow.moved_by.has_value()) return;
  wrong_pages_by_ = flow.moved_by;
  touched_.emplace(true, report.host_port, report.ccid, report.mapping);
  // These two are counted where they happen, not what follows from them.
  const bool counted =
      *flow.moved_by == Defect::kOldBytesPlaced || *flow.moved_by == Defect::kBackwardDatao;
  if (!counted) met_->Met(*flow.moved_by);
  if (report.past_sgl) return;  // the driver drops it
  wrong_pages_seen_ = true;
  Remember(&flow.wrong, WrongPages{placed->data, *flow.moved_by}, kSkbsKept);
}

const char* DefectFinder::WrongPagesOf(const Skb& skb) const {
  const bool reported = wrong_pages_by_.has_value() &&
                        reported_.host_port == skb.tcp.destination_port && reported_.seq == skb.seq;
  return reported ? WordsOf(*wrong_pages_by_).name : nullptr;
}

const char* DefectFinder::WrongBytesBy(uint64_t ios) const {
  if (ios == 0 || touched_.size() < ios) return nullptr;
  for (Defect defect :
       {Defect::kCoalesceWithoutCrcBit, Defect::kCcidWithoutGeneration, Defect::kCqeAfterNextSetup,
        Defect::kOldBytesPlaced, Defect::kBackwardDatao}) {
    if (met_->count(defect) > 0) return WordsOf(defect).name;
  }
  return nullptr;
}

void DefectFinder::OnRequestEnd(uint32_t queue, Cid cid, bool ok) {
  if (ok) return;
  ++(refused_.contains({queue, cid}) ? failed_by_refusal_ : failed_otherwise_);
}

const char* DefectFinder::AllFailedBy() const {
  return failed_by_refusal_ > 0 && failed_otherwise_ == 0 ? WordsOf(Defect::kDataInChunks).name
                                                          : nullptr;
}

void DefectFinder::MarkCopied(uint16_t port, const Range& copied) {
  RingQueue<WrongPages>& wrong = flows_[port].wrong;
  for (size_t i = 0; i < wrong.size(); ++i)
    wrong[i].copied = wrong[i].copied || Overlap(wrong[i].data, copied);
}

void DefectFinder::OnDriverSkb(const Skb& skb) {
  if (!loses_bits_ || skb.ulp_crc || skb.size == 0) return;
  Remember(&flows_[skb.tcp.destination_port].unverified, Range{skb.seq, skb.end_seq()}, kSkbsKept);
}

void DefectFinder::OnC2HData(uint32_t queue, uint16_t port, SeqNum data_seq, Cid cid,
                             uint32_t datao, uint32_t datal) {
  uint32_t& filled = filled_[{queue, cid}];
  // Without placement no cursor is wrong.
  Flow& flow = flows_[port];
  if (datao < filled && !flow.filled.empty())
    MetBackward(&flow, port, cid, OriginOf(data_seq, datao));
  filled = datao + datal;
  const Filled* placed = flow.filled.Find(cid);
  if (placed != nullptr && PlacedBefore(*placed, data_seq, datao, datal))
    MetBackward(&flow, port, cid, placed->Origin());
  // With its digest.
  newest_[queue] = {port, cid, {data_seq, data_seq + datal + 4}};
  RingQueue<Range>& unverified = flow.unverified;
  while (!unverified.empty() && unverified.front().end <= data_seq) unverified.drop_front();
  while (!flow.wrong.empty() && flow.wrong.front().data.end <= data_seq) flow.wrong.drop_front();
}

const char* DefectFinder::OnFalseCrcOk(uint32_t queue) {
  const Pdu* pdu = newest_.Find(queue);
  if (pdu == nullptr) return nullptr;
  Flow& flow = flows_[pdu->port];
  for (size_t i = 0; i < flow.unverified.size(); ++i) {
    if (!Overlap(flow.unverified[i], pdu->whole)) continue;
    met_->Met(Defect::kCoalesceWithoutCrcBit);
    touched_.emplace(false, queue, pdu->cid, pdu->whole.begin.value());
    return WordsOf(Defect::kCoalesceWithoutCrcBit).name;
  }
  // Met where the driver rebuilt it.
  for (size_t i = 0; i < flow.wrong.size(); ++i) {
    const WrongPages& wrong = flow.wrong[i];
    if (wrong.copied && Overlap(wrong.data, pdu->whole)) return WordsOf(wrong.by).name;
  }
  return nullptr;
}

}  // namespace ddpsim
