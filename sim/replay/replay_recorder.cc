#include "sim/replay/replay_recorder.h"

#include <utility>

#include "sim/tap/capture_tap.h"

namespace ddpsim {

ReplayRecorder::LawKey ReplayRecorder::KeyOf(uint32_t queue, uint64_t io) {
  return {queue << 16 | static_cast<uint32_t>(io >> 12 & 0xffff), static_cast<Cid>(io & 0xfff)};
}

void ReplayRecorder::AssignPort(uint16_t port, size_t index) {
  while (connections_.size() <= index) {
    connections_.push_back(std::make_unique<PerConnection>());
    connections_.back()->placement.Start();
  }
  by_port_[port] = static_cast<int32_t>(index);
  connections_[index]->port = port;
}

void ReplayRecorder::OnRejoin(uint32_t queue) {
  laws_.stream.OnReconnect(queue);
  payload_.Forget(queue);
  laws_.placement.Forget(Of(queue - 1).port);
  laws_.finder.Forget(Of(queue - 1).port);
  const FourTuple& deleted = Of(queue - 1).deleted;
  laws_.transparency.OnRevived(deleted.source_port, deleted.destination_port);
  Of(queue - 1).episodes.OnContextGone();
}

std::vector<const Law*> ReplayRecorder::AllLaws(bool digests, bool placed) const {
  std::vector<const Law*> all = {&payload_,          &laws_.completion, &laws_.mapping,
                                 &laws_.order,       &laws_.stream,     &laws_.transparency,
                                 &laws_.conservation};
  if (digests) all.push_back(&laws_.digest);
  if (placed) all.push_back(&laws_.ownership);
  if (laws_.efficiency.presented() > 0) all.push_back(&laws_.efficiency);
  return all;
}

void ReplayRecorder::OnSkDel(uint32_t queue, const FourTuple& flow, SimTime now) {
  laws_.transparency.OnSkDel(flow.source_port, flow.destination_port);
  Of(queue - 1).deleted = flow;
}

void ReplayRecorder::OnDriverSkb(const Skb& skb, uint32_t packet_bytes, SimTime now) {
  const uint64_t before = laws_.transparency.violation_count();
  laws_.transparency.OnDriverSkb(skb, now);
  laws_.ExplainWrongPages(skb, before);
  laws_.finder.OnDriverSkb(skb);
}

void ReplayRecorder::OnPlacementReport(const PlacementReport& report, SimTime now) {
  laws_.finder.OnPlacementReport(report);
}

void ReplayRecorder::OnDriverDrop(const Skb& skb, DriverDrop why, uint32_t placed_bytes,
                                  SimTime now) {
  const uint64_t before = laws_.transparency.violation_count();
  laws_.transparency.OnDriverDrop(skb, why, placed_bytes, now);
  laws_.ExplainWrongPages(skb, before);
  const int32_t index = by_port_[skb.tcp.destination_port];
  if (why != DriverDrop::kNoQueue && index >= 0) ++Of(static_cast<size_t>(index)).driver_drops;
}

void ReplayRecorder::OnC2HDataHeader(uint32_t queue, SeqNum data_seq, Ccid cccid, uint32_t datao,
                                     uint32_t datal, SimTime now) {
  const uint16_t port = Of(queue - 1).port;
  const MappingSerial mapping = laws_.mapping.SerialOf(queue, cccid);
  laws_.placement.OnC2HData(port, {data_seq, cccid, datao, datal, mapping}, now);
  laws_.finder.OnC2HData(queue, port, data_seq, cccid, datao, datal);
}

void ReplayRecorder::OnDdpSetup(uint32_t queue, const UlpDdpIo& io, SimTime now) {
  const uint64_t number = newest_io_[{queue, io.command_id}];
  mapped_io_[{queue, io.command_id}] = number;
  const LawKey key = KeyOf(queue, number);
  laws_.completion.OnSetup(key.queue, key.cid, now);
  laws_.mapping.OnSetup(queue, io.command_id, io.sgl, now);
}

void ReplayRecorder::OnDdpTeardownDone(uint32_t queue, Ccid ccid, SimTime now) {
  const LawKey key = KeyOf(queue, mapped_io_[{queue, ccid}]);
  laws_.completion.OnTeardownDone(key.queue, key.cid, now);
  laws_.mapping.OnTeardownDone(queue, ccid, now);
}

void ReplayRecorder::OnStreamRead(uint32_t queue, SeqNum seq, uint32_t bytes, SimTime now) {
  laws_.stream.OnHostRead(queue, seq, bytes, now);
  Of(queue - 1).resync.OnStreamRead(queue, seq);
}

void ReplayRecorder::OnPduAccepted(const PduAccepted& pdu, SimTime now) {
  const uint64_t known = payload_.violation_count();
  payload_.OnPduAccepted(pdu, now);
  PerConnection& connection = Of(pdu.queue - 1);
  if (laws_.finder.WentBack(connection.port, pdu.cid))
    payload_.Explain(WordsOf(Defect::kBackwardDatao).name, payload_.violation_count() - known);
  const uint64_t before = laws_.digest.false_crc_ok();
  laws_.JudgeDigest(pdu, connection.port, now);
  connection.false_crc_ok += laws_.digest.false_crc_ok() - before;
}

void ReplayRecorder::OnResyncRequest(uint32_t queue, SeqNum seq, SimTime now) {
  Of(queue - 1).resync.OnRequest(queue, seq, now);
}

void ReplayRecorder::OnResyncResponse(uint32_t queue, SeqNum seq, SimTime now) {
  Of(queue - 1).resync.OnResponse(queue, seq, now);
}

void ReplayRecorder::OnRequestStart(uint32_t queue, Cid cid, uint64_t io, SimTime now) {
  newest_io_[{queue, cid}] = io;
  laws_.finder.OnRequestStart(queue, Of(queue - 1).port, cid);
  const LawKey key = KeyOf(queue, io);
  laws_.completion.OnRequestStart(key.queue, key.cid, io, now);
}

void ReplayRecorder::OnRequestEnd(uint32_t queue, Cid cid, uint64_t io, bool ok, SimTime now) {
  const LawKey key = KeyOf(queue, io);
  laws_.completion.OnRequestEnd(key.queue, key.cid, io, now);
}

void ReplayRecorder::OnDataDelivered(uint32_t queue, SeqNum seq, uint32_t bytes, bool placed,
                                     SimTime now) {
  PerConnection& connection = Of(queue - 1);
  connection.placement.OnDelivered(0, seq, bytes, placed);
  if (!placed) laws_.finder.OnCopied(connection.port, seq, bytes);
}

void ReplayRecorder::OnPosted(PhysAddr addr, ByteSpan data, bool is_message, SimTime issued,
                              SimTime done) {
  laws_.order.OnPosted(addr, data, is_message, done);
}

void ReplayRecorder::OnDmaWrite(PhysAddr addr, ByteSpan data, bool is_message, SimTime at) {
  laws_.mapping.OnDmaWrite(addr, static_cast<uint32_t>(data.size()), at);
  if (is_message) laws_.order.OnLanded(addr, at);
}

void ReplayRecorder::OnInterrupt(uint32_t vector, SimTime at) { laws_.order.OnInterrupt(at); }

void ReplayRecorder::OnReceived(const Frame& frame, const RxVerdict& verdict, SimTime now) {
  laws_.transparency.OnFrameAccepted(frame);
  const int32_t index = by_port_[verdict.flow.destination_port];
  if (index >= 0) {
    PerConnection& connection = Of(static_cast<size_t>(index));
    connection.placement.OnReceived(0, verdict);
    if (verdict.has_context) {
      laws_.efficiency.OnFrame(frame, verdict, now);
      laws_.JudgePlacement(connection.port, verdict, now);
    }
    connection.episodes.OnVerdict(verdict, capture_ns_);
  }
  if (annotated_ != nullptr) annotated_->OnFrame(frame.id(), VerdictComment(verdict));
}

void ReplayRecorder::OnContextParams(uint32_t tirn, const ContextParams& params, SeqNum answer) {
  laws_.efficiency.OnContextParams(tirn, params, answer);
}

void ReplayRecorder::OnContextStart(uint32_t tirn, SeqNum next_pdu, bool searching) {
  laws_.efficiency.OnContextStart(tirn, next_pdu, searching);
}

void ReplayRecorder::OnMapping(uint32_t tag_table, Ccid ccid, uint64_t mapped_bytes,
                               uint64_t length) {
  laws_.efficiency.OnMapping(tag_table, ccid, mapped_bytes, length);
}

void ReplayRecorder::OnCqArmed(uint32_t cqn, uint32_t vector, SimTime now) {
  laws_.order.OnArmed(cqn, vector);
}

void ReplayRecorder::OnOutOfBuffer(const Frame& frame, SimTime now) {
  if (annotated_ != nullptr) annotated_->OnFrame(frame.id(), "dropped: no RX WQE");
}

}  // namespace ddpsim
