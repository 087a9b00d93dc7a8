#include "sim/check/efficiency_law.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sim/check/tcp_frame.h"

namespace ddpsim {
namespace {

// It has a wrong checksum, or the context is not started.
bool PassesContext(const RxVerdict& verdict) {
  if (verdict.not_placed.empty()) return false;
  const NotPlacedReason reason = verdict.not_placed.front().reason;
  return reason == NotPlacedReason::kBadChecksum || reason == NotPlacedReason::kNotOffloadedQueue;
}

}  // namespace

void EfficiencyLaw::OnContextParams(uint32_t tirn, const ContextParams& params, SeqNum answer) {
  Flow& flow = flows_[tirn];
  flow.params = params;
  flow.oracle.Configure(rules_,
                        PduReader(params.header_digest, params.data_digest, rules_.longest_pdu));
  flow.oracle.OnAnswer(answer);
}

void EfficiencyLaw::OnContextStart(uint32_t tirn, SeqNum next_pdu, bool searching) {
  Flow& flow = flows_[tirn];
  flow.judged = true;
  flow.started_at = ++events_;
  flow.oracle.Start(next_pdu, searching);
}

void EfficiencyLaw::OnMapping(uint32_t tag_table, Ccid ccid, uint64_t mapped_bytes,
                              uint64_t length) {
  mappings_[Key(tag_table, ccid)] = {++events_, mapped_bytes, length};
}

bool EfficiencyLaw::CanBePlaced(const Flow& flow, uint32_t tag_table, const DataOwed& data) {
  const Mapping* mapping = mappings_.Find(Key(tag_table, data.ccid));
  const uint64_t end = data.ccoff + data.size;
  return mapping != nullptr && mapping->at > flow.started_at && end <= mapping->mapped_bytes &&
         end <= mapping->length;
}

std::optional<std::string> EfficiencyLaw::Missed(const Flow& flow, const OracleVerdict& owed,
                                                 const RxVerdict& verdict) {
  if (owed.offloaded && !verdict.offloaded) return "is not offloaded";
  if (owed.asks.has_value() && verdict.resync_request != owed.asks)
    return absl::StrCat("holds a header at seq ", owed.asks->value(), ", and nobody is asked");
  if (flow.oracle.state() == OffloadState::kOffloading &&
      verdict.state != OffloadState::kOffloading)
    return "leaves the context without its place";
  if (!owed.offloaded) return std::nullopt;
  if (flow.params.verifies && owed.digests_ok && !verdict.ddgst_ok)
    return "comes without the crc bit, though all its data was covered";
  if (!flow.params.places || verdict.placement.has_value()) return std::nullopt;
  const auto data = std::find_if(owed.data.begin(), owed.data.end(), [&](const DataOwed& d) {
    return CanBePlaced(flow, verdict.tag_table, d);
  });
  if (data == owed.data.end()) return std::nullopt;
  return absl::StrCat("has ", data->size, " bytes for ccid ", data->ccid, " offset ", data->ccoff,
                      ", which is mapped, and nothing is placed");
}

bool EfficiencyLaw::Beyond(const Flow& flow, const OracleVerdict& owed, const RxVerdict& verdict) {
  return verdict.offloaded != owed.offloaded || verdict.resync_request != owed.asks ||
         verdict.state != flow.oracle.state();
}

void EfficiencyLaw::OnFrame(const Frame& frame, const RxVerdict& verdict, SimTime now) {
  owed_ = nullptr;
  if (verdict.payload_size == 0 || PassesContext(verdict)) return;
  ++presented_;
  Flow& flow = flows_[verdict.tirn];
  if (!flow.judged || !flow.oracle.started()) return;
  TcpFrame tcp;
  if (!ReadTcpFrame(frame.bytes(), &tcp)) return;
  Looked();
  const OracleVerdict& owed = flow.oracle.OnSegment(tcp.seq, tcp.payload);
  const std::optional<std::string> missed = Missed(flow, owed, verdict);
  if (missed.has_value()) {
    Violate(now, absl::StrCat("port ", verdict.flow.destination_port, ": the segment at seq ",
                              verdict.seq.value(), " ", *missed));
  }
  flow.judged = !missed.has_value() && !Beyond(flow, owed, verdict);
  if (flow.judged) owed_ = &owed;
}

bool EfficiencyLaw::LastWasOwed(const NicPlacement& placement) const {
  return owed_ != nullptr &&
         std::any_of(owed_->data.begin(), owed_->data.end(), [&](const DataOwed& data) {
           return data.ccid == placement.ccid && data.ccoff == placement.ccoff &&
                  data.offset == placement.offset;
         });
}

}  // namespace ddpsim
