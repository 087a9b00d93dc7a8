#include "sim/system/run_recorder.h"

#include "ddpsim/hw/cqe.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {

bool RunRecorder::IsIoPort(uint16_t port) {
  if (controller_ == nullptr) return false;
  const ByteStream* admin = controller_->admin_queue().stream();
  if (admin != nullptr && admin != admin_) {
    admin_ = admin;
    admin_ports_.set(admin->five_tuple().flow.destination_port);
  }
  return !admin_ports_.test(port);
}

uint16_t RunRecorder::PortOf(uint32_t queue) {
  const ByteStream* const* stream = streams_.Find(queue);
  return stream == nullptr ? 0 : (*stream)->five_tuple().flow.destination_port;
}

void RunRecorder::OnDriverSkb(const Skb& skb, uint32_t packet_bytes, SimTime now) {
  const uint64_t before = laws_.transparency.violation_count();
  laws_.transparency.OnDriverSkb(skb, now);
  laws_.ExplainWrongPages(skb, before);
  laws_.finder.OnDriverSkb(skb);
}

void RunRecorder::OnPlacementReport(const PlacementReport& report, SimTime now) {
  laws_.finder.OnPlacementReport(report);
}

void RunRecorder::OnDriverDrop(const Skb& skb, DriverDrop why, uint32_t placed_bytes, SimTime now) {
  const uint64_t before = laws_.transparency.violation_count();
  laws_.transparency.OnDriverDrop(skb, why, placed_bytes, now);
  laws_.ExplainWrongPages(skb, before);
}

void RunRecorder::OnSkDel(uint32_t queue, const FourTuple& flow, SimTime now) {
  laws_.transparency.OnSkDel(flow.source_port, flow.destination_port);
}

void RunRecorder::OnDdpSetup(uint32_t queue, const UlpDdpIo& io, SimTime now) {
  laws_.completion.OnSetup(queue, io.command_id, now);
  laws_.mapping.OnSetup(queue, io.command_id, io.sgl, now);
}

void RunRecorder::OnDdpTeardown(uint32_t queue, Ccid ccid, SimTime now) {
  laws_.completion.OnTeardown(queue, ccid);
}

void RunRecorder::OnDdpTeardownDone(uint32_t queue, Ccid ccid, SimTime now) {
  laws_.completion.OnTeardownDone(queue, ccid, now);
  laws_.mapping.OnTeardownDone(queue, ccid, now);
}

void RunRecorder::OnStreamRead(uint32_t connection, SeqNum seq, uint32_t bytes, SimTime now) {
  if (controller_ != nullptr) {
    HostQueue& queue =
        connection == 0 ? controller_->admin_queue() : controller_->io_queue(connection - 1);
    const ByteStream*& known = streams_[connection];
    if (known != queue.stream()) laws_.stream.OnReconnect(connection);
    known = queue.stream();
  }
  laws_.stream.OnHostRead(connection, seq, bytes, now);
  if (const ByteStream* const* stream = streams_.Find(connection);
      stream != nullptr && *stream != nullptr) {
    const FourTuple& flow = (*stream)->five_tuple().flow;
    laws_.transparency.OnHostRead(flow.source_port, flow.destination_port, seq + bytes);
  }
  const uint64_t false_matches = resync_.false_matches();
  resync_.OnStreamRead(connection, seq);
  if (resync_.false_matches() != false_matches) laws_.liveness.OnFalseMatch(PortOf(connection));
}

void RunRecorder::OnC2HDataHeader(uint32_t queue, SeqNum data_seq, Ccid cccid, uint32_t datao,
                                  uint32_t datal, SimTime now) {
  if (queue == 0) return;
  const uint16_t port = PortOf(queue);
  const MappingSerial mapping = laws_.mapping.SerialOf(queue, cccid);
  laws_.placement.OnC2HData(port, {data_seq, cccid, datao, datal, mapping}, now);
  laws_.finder.OnC2HData(queue, port, data_seq, cccid, datao, datal);
}

void RunRecorder::OnPduAccepted(const PduAccepted& pdu, SimTime now) {
  laws_.JudgeDigest(pdu, PortOf(pdu.queue), now);
}

void RunRecorder::OnResyncRequest(uint32_t queue, SeqNum seq, SimTime now) {
  resync_.OnRequest(queue, seq, now);
}

void RunRecorder::OnPduHeader(uint32_t queue, SeqNum seq, SimTime now) {
  if (queue != 0) laws_.resumption.OnPduHeader(PortOf(queue), seq, now);
}

void RunRecorder::OnResyncResponse(uint32_t queue, SeqNum seq, SimTime now) {
  laws_.resumption.OnResyncResponse(PortOf(queue), seq, now);
  resync_.OnResponse(queue, seq, now);
}

void RunRecorder::OnResyncAnswerFault(const FourTuple& flow, int64_t number, bool lost,
                                      SimTime now) {
  laws_.liveness.OnAnswerFault(flow.destination_port);
  fault_log_.OnAnswerFault(number, lost);
}

void RunRecorder::OnStrayAnswer(const FourTuple& flow, SeqNum seq, SimTime now) {
  laws_.resumption.OnStrayAnswer(flow.destination_port, seq);
}

void RunRecorder::OnResyncAnswerPosted(const FourTuple& flow, uint32_t wqes, uint32_t klms,
                                       SimTime now) {
  laws_.liveness.OnAnswerPosted(flow.destination_port, wqes, klms, now);
}

void RunRecorder::OnIcosqFull(const FourTuple& flow, IcosqPost what, SimTime now) {
  if (what == IcosqPost::kTeardown) laws_.completion.OnTeardownLost();
  if (what == IcosqPost::kResyncAnswer) laws_.liveness.OnAnswerFault(flow.destination_port);
}

void RunRecorder::OnRequestStart(uint32_t queue, Cid cid, uint64_t io, SimTime now) {
  laws_.completion.OnRequestStart(queue, cid, io, now);
  if (queue != 0) laws_.finder.OnRequestStart(queue, PortOf(queue), cid);
}

void RunRecorder::OnWriteStart(uint32_t queue, Cid cid, uint64_t device_offset, uint32_t bytes,
                               SimTime now) {
  laws_.storage.OnWriteStart(PortOf(queue), cid, device_offset, bytes, now);
}

void RunRecorder::OnRequestEnd(uint32_t queue, Cid cid, uint64_t io, bool ok, SimTime now) {
  if (queue != 0) {
    laws_.storage.OnRequestEnd(PortOf(queue), cid, io, ok, now);
    laws_.finder.OnRequestEnd(queue, cid, ok);
  }
  laws_.completion.OnRequestEnd(queue, cid, io, now);
  fingerprint_.Add(now, (uint64_t{queue} << 32) ^ (uint64_t{cid} << 1) ^ (ok ? 1 : 0));
}

void RunRecorder::OnIoStart(uint64_t io, SimTime now) { laws_.completion.OnIoStart(io, now); }

void RunRecorder::OnIoEnd(uint64_t io, bool ok, SimTime now) {
  laws_.completion.OnIoEnd(io, now);
  laws_.storage.OnIoEnd(io, ok);
  fingerprint_.Add(now, (io << 1) ^ (ok ? 1 : 0));
}

void RunRecorder::OnDataDelivered(uint32_t queue, SeqNum seq, uint32_t bytes, bool placed,
                                  SimTime now) {
  if (queue == 0) return;
  placement_.OnDelivered(PortOf(queue), seq, bytes, placed);
  if (!placed) laws_.finder.OnCopied(PortOf(queue), seq, bytes);
}

void RunRecorder::OnPosted(PhysAddr addr, ByteSpan data, bool is_message, SimTime issued,
                           SimTime done) {
  laws_.order.OnPosted(addr, data, is_message, done);
  if (!is_message) {
    laws_.mapping.OnDataPosted(addr, static_cast<uint32_t>(data.size()));
  } else if (addr != kMsixAddress && data.size() >= sizeof(Cqe64)) {
    laws_.mapping.OnCqePosted(data, done);
  }
}

void RunRecorder::OnDmaWrite(PhysAddr addr, ByteSpan data, bool is_message, SimTime at) {
  laws_.mapping.OnDmaWrite(addr, static_cast<uint32_t>(data.size()), at);
  if (is_message) laws_.order.OnLanded(addr, at);
}

void RunRecorder::OnInterrupt(uint32_t vector, SimTime at) { laws_.order.OnInterrupt(at); }

void RunRecorder::OnReceived(const Frame& frame, const RxVerdict& verdict, SimTime now) {
  laws_.transparency.OnFrameAccepted(frame);
  if (IsIoPort(verdict.flow.destination_port)) {
    placement_.OnReceived(verdict.flow.destination_port, verdict);
  }
  if (verdict.has_context) {
    saw_context_ = true;
    laws_.resumption.OnFrame(verdict.flow.destination_port, verdict, now);
    laws_.resumption.OnRequest(verdict.flow.destination_port, frame, verdict, now);
    laws_.efficiency.OnFrame(frame, verdict, now);
    laws_.JudgePlacement(verdict.flow.destination_port, verdict, now);
    laws_.liveness.OnFrame(verdict.flow.destination_port, verdict, now);
  }
  if (capture_ != nullptr) capture_->OnVerdict(frame, verdict);
}

void RunRecorder::OnContextParams(uint32_t tirn, const ContextParams& params, SeqNum answer) {
  laws_.efficiency.OnContextParams(tirn, params, answer);
}

void RunRecorder::OnContextStart(uint32_t tirn, SeqNum next_pdu, bool searching) {
  laws_.efficiency.OnContextStart(tirn, next_pdu, searching);
}

void RunRecorder::OnMapping(uint32_t tag_table, Ccid ccid, uint64_t mapped_bytes, uint64_t length) {
  laws_.efficiency.OnMapping(tag_table, ccid, mapped_bytes, length);
}

void RunRecorder::OnCqArmed(uint32_t cqn, uint32_t vector, SimTime now) {
  laws_.order.OnArmed(cqn, vector);
}

void RunRecorder::OnOutOfBuffer(const Frame& frame, SimTime now) {
  if (capture_ != nullptr) capture_->OnOutOfBuffer(frame);
}

void RunRecorder::C2hObserver::OnDelivered(const FramePtr& frame, SimTime now) {
  recorder_->fingerprint_.Add(now, frame->size());
  if (recorder_->capture_ != nullptr) recorder_->capture_->OnReceived(frame, now);
}

void RunRecorder::C2hObserver::OnOffered(const FramePtr& frame, SimTime ready) {
  recorder_->fault_log_.OnOffered(true, *frame);
}

void RunRecorder::C2hObserver::OnDropped(const FramePtr& frame, LinkDropReason reason,
                                         SimTime now) {
  if (reason == LinkDropReason::kScript) return;  // written out already
  recorder_->fault_log_.OnFault(true, LoggedFault::Kind::kLoss);
}

void RunRecorder::C2hObserver::OnDuplicated(const FramePtr& frame, SimTime now) {
  recorder_->fault_log_.OnFault(true, LoggedFault::Kind::kDuplicate);
}

void RunRecorder::C2hObserver::OnReordered(const FramePtr& frame, SimTime now) {
  recorder_->fault_log_.OnFault(true, LoggedFault::Kind::kReorder);
}

void RunRecorder::C2hObserver::OnCorrupted(const FramePtr& original, const FramePtr& copy,
                                           SimTime now) {
  recorder_->fault_log_.OnFault(true, LoggedFault::Kind::kCorrupt);
}

void RunRecorder::H2cObserver::OnDropped(const FramePtr& frame, LinkDropReason reason,
                                         SimTime now) {
  if (reason == LinkDropReason::kScript) return;
  recorder_->fault_log_.OnFault(false, LoggedFault::Kind::kLoss);
}

void RunRecorder::H2cObserver::OnDuplicated(const FramePtr& frame, SimTime now) {
  recorder_->fault_log_.OnFault(false, LoggedFault::Kind::kDuplicate);
}

void RunRecorder::H2cObserver::OnReordered(const FramePtr& frame, SimTime now) {
  recorder_->fault_log_.OnFault(false, LoggedFault::Kind::kReorder);
}

void RunRecorder::H2cObserver::OnOffered(const FramePtr& frame, SimTime ready) {
  recorder_->fingerprint_.Add(ready, uint64_t{frame->size()} << 32);
  recorder_->fault_log_.OnOffered(false, *frame);
  if (recorder_->capture_ != nullptr) recorder_->capture_->OnSent(frame, ready);
}

}  // namespace ddpsim
