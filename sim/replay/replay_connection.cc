#include "sim/replay/replay_connection.h"

#include <algorithm>
#include <utility>

namespace ddpsim {
namespace {

// A longer request is no request: no MDTS allows it (models/capture/pdu_walker.cc).
constexpr uint32_t kMaxRequest = uint32_t{32} << 20;
// Command identifiers below it carry no generation.
constexpr uint32_t kPlainTags = 0x1000;

RecordedCommand Recorded(const CapturedCommand& command) {
  RecordedCommand to;
  to.sqe = command.sqe;
  to.length = std::min(command.length, kMaxRequest);
  to.to_host = command.to_host;
  return to;
}

// Whose command a PDU from the controller is of.
std::optional<Cid> CommandOf(const WalkedPdu& pdu) {
  if (pdu.type() == PduType::kCapsuleResp)
    return LoadLe16(&pdu.header[offsetof(CapsuleRespLayout, cqe.command_id)]);
  if (pdu.type() == PduType::kC2HData || pdu.type() == PduType::kR2T)
    return LoadLe16(&pdu.header[offsetof(DataPduLayout, cccid)]);
  return std::nullopt;
}

}  // namespace

bool ReplayConnection::CoreItem::RunPiece(ExecContext& ctx) {
  if (steps_.empty()) return false;
  const auto step = std::move(steps_.front());
  steps_.pop_front();
  step(ctx);
  return !steps_.empty();
}

bool ReplayConnection::SubmitItem::RunPiece(ExecContext& ctx) {
  for (const ChargeOf& charge : charges_) ctx.Charge(charge.row, charge.count);
  charges_.clear();
  return false;
}

ReplayConnection::ReplayConnection(size_t index, const ConnectionFacts& facts,
                                   const ReplayHost& host)
    : index_(index), facts_(facts), host_(host), over_(facts.is_tls) {}

void ReplayConnection::Follow(CapturedConnection* captured) {
  captured_ = captured;
  captured_->SetEvents(this);
}

void ReplayConnection::Run(std::function<void(ExecContext&)> step) {
  core_item_.Add(std::move(step));
  host_.kernel->scheduler().Queue(facts_.core, CpuContext::kHardirq, &core_item_, now_);
}

void ReplayConnection::BeginPacket(const WalkStep& step, SimTime now, int64_t capture_ns) {
  now_ = now;
  capture_ns_ = capture_ns;
  packet_from_target_ = step.direction == StreamDirection::kC2H;
  packet_seq_ = step.packet->tcp.seq;
  packet_ack_ = step.packet->tcp.ack;
  join_candidate_.reset();
}

void ReplayConnection::EndPacket(const WalkStep& step, SimTime now) {
  NoticeDivergence();
  const CapturedPacket& packet = *step.packet;
  if (!packet.credible() || packet.cut) return;
  const uint8_t flags = packet.tcp.flags;
  const bool begins = (flags & kTcpSyn) != 0 && captured_->BeginsWithSyn(packet.tcp.seq);
  if (packet_from_target_ && begins && life_.queue == nullptr && !over_) {
    Join(packet.tcp.seq + 1, 0, true);
  } else if (packet_from_target_ && join_candidate_.has_value() && !over_) {
    Join(captured_->stream(StreamDirection::kC2H).SeqOf(*join_candidate_), *join_candidate_, false);
  }
  if (packet_from_target_ && packet.payload_size > 0) {
    const SeqNum end = packet.tcp.seq + packet.payload_size;
    seen_top_ = SeqMax(seen_top_.value_or(end), end);
  }
  // The recorded host closed, or either side reset.
  const bool fin = (flags & kTcpFin) != 0 && (flags & kTcpAck) != 0;
  const bool closed = captured_->reset() || (!packet_from_target_ && fin);
  if (closed && receiving()) LeaveWhenRead();
  over_ = over_ || closed;
}

void ReplayConnection::OnReplaced(SimTime now) {
  now_ = now;
  over_ = true;
  if (receiving()) LeaveWhenRead();
}

QueueConfig ReplayConnection::ConfigOfQueue() const {
  QueueConfig config;
  config.qid = queue_number();
  config.io_cpu = facts_.core;
  config.depth = facts_.depth;
  config.ccid_range = facts_.ccid_range;
  config.any_digests = !facts_.asked.has_value();
  config.header_digest = facts_.asked ? facts_.asked->header_digest : facts_.header_digest;
  config.data_digest = facts_.asked ? facts_.asked->data_digest : facts_.data_digest;
  // NVME_QUIRK_SKIP_CID_GEN: the offload's, unless the device takes all 16 bits.
  config.no_cid_generation = host_.boxes.ddp != nullptr && facts_.ccid_range <= kPlainTags;
  config.ddp = host_.ddp;
  return config;
}

void ReplayConnection::Join(SeqNum rcv_nxt, uint64_t offset, bool at_start) {
  if (life_.queue != nullptr) past_.push_back(std::move(life_));
  life_ = QueueLife();
  leaving_ = given_up_ = false;
  to_read_.reset();
  if (!at_start && ++counts_.joins > kMaxJoins) {
    over_ = true;
    return;
  }
  host_.recorder->OnRejoin(queue_number());
  joined_at_ = offset;
  connected_ = !at_start;
  TakenOverConnection taken;
  taken.core = facts_.core;
  taken.received = facts_.received;
  taken.snd_nxt = packet_ack_;
  taken.rcv_nxt = rcv_nxt;
  life_.socket = host_.kernel->TakeOver(taken, now_);
  life_.queue = std::make_unique<RecordedQueue>(ConfigOfQueue(), host_.boxes, host_.buffers,
                                                static_cast<RecordedQueueOwner*>(this));
  RecordedQueue* queue = life_.queue.get();
  TcpSocket* socket = life_.socket;
  std::optional<PduFraming> framing;
  if (!at_start) {
    framing.emplace();
    framing->header_digest = facts_.header_digest;
    framing->data_digest = facts_.data_digest;
  }
  Run([queue, socket, framing](ExecContext& ctx) { queue->Attach(ctx, socket, framing); });
  if (at_start) return;
  if (facts_.is_io) Run([queue](ExecContext& ctx) { queue->AddOffload(ctx); });
  for (const RecordedCommand& command : join_commands_) Send(queue, command);
  for (Cid cid : join_unrecorded_) queue->OnUnrecorded(cid);
  for (const auto& pdu : join_pdus_) host_.recorder->payload().OnRecorded(queue_number(), pdu);
}

void ReplayConnection::Leave() {
  leaving_ = true;
  stop_when_drained_ = true;
}

void ReplayConnection::MakeWay() {
  over_ = true;
  if (!gone() && !stop_when_drained_) Leave();
}

void ReplayConnection::StopIfDrained(SimTime now) {
  if (!stop_when_drained_ || host_.recorder->laws().transparency.outstanding() != 0) return;
  if (read_out_first_ && !over_ && unread() > 0) return;
  now_ = now;
  stop_when_drained_ = read_out_first_ = false;
  RecordedQueue* queue = life_.queue.get();
  Run([queue](ExecContext& ctx) { queue->Stop(ctx); });
}

void ReplayConnection::LeaveWhenRead() {
  leaving_ = true;
  RecordedQueue* queue = life_.queue.get();
  // What has arrived is still on its way up.
  const StreamReassembler& stream = captured_->stream(StreamDirection::kC2H);
  to_read_ = stream.next();
  const SeqNum until = stream.next_seq();
  Run([queue, until](ExecContext& ctx) { queue->StopAt(ctx, until); });
}

// The simulated host must have read what the recorded one was sent.
void ReplayConnection::CheckRead() {
  const StreamReassembler& stream = captured_->stream(StreamDirection::kC2H);
  if (!leaving_) to_read_ = stream.next();
  if (!to_read_.has_value() || *to_read_ < joined_at_) return;
  const uint64_t due = *to_read_ - joined_at_;
  // 32 bits of it, as far as sequence numbers tell.
  const auto lag = static_cast<int32_t>(stream.SeqOf(*to_read_) - life_.socket->copied_seq());
  // What comes behind the host's FIN it may have read or not.
  const int64_t missing = leaving_ ? std::max(lag, 0) : lag;
  host_.recorder->laws().stream.OnEnd(queue_number(), "c2h", due,
                                      due - static_cast<uint64_t>(missing), true, now_);
}

void ReplayConnection::Send(RecordedQueue* queue, const RecordedCommand& command) {
  Run([queue, command](ExecContext& ctx) {
    ctx.Charge(Cost::kQueueRq);
    queue->OnCommand(ctx, command);
  });
}

// The way down of HostQueue and TcpSocket in one sum: the recorded host has gone it.
void ReplayConnection::ChargeSubmission(const RecordedCommand& command) {
  if (facts_.is_io) {
    submit_item_.Add(Cost::kAppPerIo, 1);
    submit_item_.Add(Cost::kAioSubmit, 1);
    submit_item_.Add(Cost::kBlkSubmit, 1);
    submit_item_.Add(Cost::kBlkPage,
                     (command.length + HostMemory::kPageSize - 1) / HostMemory::kPageSize);
  }
  submit_item_.Add(Cost::kSendPdu, 1);
  if (facts_.header_digest) submit_item_.Add(Cost::kHeaderDigest, 1);
  submit_item_.Add(Cost::kSockLock, 1);
  submit_item_.Add(Cost::kSendMsg, 1);
  submit_item_.Add(Cost::kTcpTransmit, 1);
  submit_item_.Add(Cost::kDriverXmit, 1);
  submit_item_.Add(Cost::kMmio, 1);
  submit_item_.Add(Cost::kDriverTxCqe, 1);
  const bool write = !command.to_host && command.length > 0;
  if (write) {
    submit_item_.Add(Cost::kSendMsg,
                     (command.length + HostMemory::kPageSize - 1) / HostMemory::kPageSize);
    if (facts_.data_digest) {
      submit_item_.Add(Cost::kCrcCall, 1);
      submit_item_.Add(Cost::kCrcByte, command.length);
    }
  }
  host_.kernel->scheduler().Queue(facts_.core, CpuContext::kUser, &submit_item_, now_);
}

void ReplayConnection::Abandon(Cid cid) {
  RecordedQueue* queue = life_.queue.get();
  Run([queue, cid](ExecContext& ctx) { queue->Abandon(ctx, cid); });
}

void ReplayConnection::OnResponseMissing(uint16_t cid) {
  assumed_.erase(cid);
  const auto same = [cid](const RecordedCommand& command) { return command.sqe.command_id == cid; };
  join_commands_.erase(std::remove_if(join_commands_.begin(), join_commands_.end(), same),
                       join_commands_.end());
  if (receiving()) Abandon(cid);
}

void ReplayConnection::OnCommand(const CapturedCommand& command) {
  assumed_.erase(command.sqe.command_id);
  if (counts_.teardown.has_value()) ++counts_.teardown->commands_after;
  if (!receiving()) return;
  RecordedCommand recorded = Recorded(command);
  recorded.event = !facts_.is_io && command.sqe.opcode == kNvmeAdminAsyncEvent;
  Send(life_.queue.get(), recorded);
  ChargeSubmission(recorded);
}

void ReplayConnection::PrepareJoin(uint64_t offset) {
  join_candidate_ = offset;
  join_commands_.clear();
  join_pdus_.clear();
  join_unrecorded_.clear();
  captured_->ForEachOutstanding([this](const CapturedCommand& command) {
    RecordedCommand recorded = Recorded(command);
    const auto assumed = assumed_.find(command.sqe.command_id);
    recorded.unknown = assumed != assumed_.end();
    recorded.partly_passed = true;
    if (recorded.unknown) recorded.first_offset = assumed->second;
    join_commands_.push_back(recorded);
  });
}

// The walk lost its place where the host found nothing wrong, or will at another byte.
void ReplayConnection::NoticeDivergence() {
  const uint64_t resyncs = captured_->walker(StreamDirection::kC2H).resyncs();
  if (std::exchange(walk_resyncs_, resyncs) == resyncs || !receiving()) return;
  host_.recorder->payload().OnDiverged(queue_number());
}

void ReplayConnection::OnControllerHeader(const WalkedPdu& pdu) {
  NoticeDivergence();
  // The host may be through with it before the walk is.
  if (receiving() && !pdu.lengths_agree) host_.recorder->payload().OnDiverged(queue_number());
  const StreamReassembler& stream = captured_->stream(StreamDirection::kC2H);
  const bool joinable =
      life_.queue == nullptr || (leaving_ && !stop_when_drained_ && life_.queue->stopped());
  if (joinable && !over_ && !join_candidate_.has_value()) {
    // Only a PDU of which the NIC has seen nothing yet.
    const SeqNum begin = stream.SeqOf(pdu.offset);
    const bool ahead = packet_from_target_ && begin >= packet_seq_ &&
                       (!seen_top_.has_value() || begin >= *seen_top_);
    if (ahead && (!facts_.from_start || pdu.offset > 0)) PrepareJoin(pdu.offset);
  }
  const std::optional<Cid> cid = CommandOf(pdu);
  if (!cid.has_value() || captured_->FindCommand(*cid) != nullptr) return;
  if ((!receiving() && !join_candidate_) || !captured_->MayLackCommand(*cid)) return;
  // Its command passed before the capture began, or in a gap.
  if (pdu.type() == PduType::kC2HData) {
    DataPduLayout data;
    std::memcpy(static_cast<void*>(&data), pdu.header.data(), sizeof(data));
    AssumeCommand(data);
  } else if (receiving()) {
    life_.queue->OnUnrecorded(*cid);
  } else {
    join_unrecorded_.push_back(*cid);
  }
}

void ReplayConnection::AssumeCommand(const DataPduLayout& data) {
  RecordedCommand command;
  command.sqe.command_id = data.cccid;
  command.to_host = true;
  command.unknown = true;
  command.first_offset = std::min(data.datao, kMaxRequest);
  const uint64_t end = uint64_t{data.datao} + data.datal;
  command.length = static_cast<uint32_t>(std::min<uint64_t>(end, kMaxRequest));
  if (receiving()) {
    Send(life_.queue.get(), command);
  } else {
    join_commands_.push_back(command);
  }
  captured_->AssumeCommand(command.sqe, command.length);
  assumed_[data.cccid] = command.first_offset;
}

void ReplayConnection::OnControllerPdu(const WalkedPdu& pdu) {
  const bool joins = !receiving() && join_candidate_.has_value() && pdu.offset >= *join_candidate_;
  if (!receiving() && !joins) return;
  if (!joins && pdu.offset < joined_at_) {
    // The queue will not see how its command ends.
    if (const std::optional<Cid> cid = CommandOf(pdu)) Abandon(*cid);
    return;
  }
  if (pdu.type() != PduType::kC2HData) return;
  DataPduLayout data;
  std::memcpy(static_cast<void*>(&data), pdu.header.data(), sizeof(data));
  const RecordedPayloadLaw::RecordedPdu recorded{data.cccid, data.datao, data.datal, pdu.data_crc,
                                                 !pdu.lengths_agree};
  if (joins) {
    join_pdus_.push_back(recorded);
  } else {
    host_.recorder->payload().OnRecorded(queue_number(), recorded);
  }
}

void ReplayConnection::OnControllerGap(uint64_t offset, uint64_t size) {
  join_candidate_.reset();
  to_read_.reset();
  if (!receiving()) return;
  Leave();
  read_out_first_ = true;
}

void ReplayConnection::Finish(SimTime now) {
  now_ = now;
  over_ = true;
  if (life_.queue == nullptr) return;
  CheckRead();
  if (!life_.queue->stopped()) Leave();
  StopIfDrained(now);
}

int64_t ReplayConnection::unread() const {
  return life_.socket == nullptr || life_.queue->stopped() ? 0 : life_.socket->unread_bytes();
}

bool ReplayConnection::TooSlow() {
  if (!waiting()) given_up_ = false;
  return waiting() && !given_up_;
}

bool ReplayConnection::waiting() const {
  return life_.queue != nullptr &&
         (life_.queue->waiting() > 0 || !core_item_.empty() || stop_when_drained_);
}

bool ReplayConnection::HasReceived(SeqNum ack) const {
  if (given_up_ || !receiving() || life_.queue->stopped()) return true;
  const SeqNum known = captured_->stream(StreamDirection::kC2H).next_seq();
  const SeqNum due = SeqMin(ack, known);
  return life_.socket->connection().tcb().rcv_nxt >= due && (connected_ || unread() == 0);
}

bool ReplayConnection::idle() const {
  return core_item_.empty() && unread() == 0 && !stop_when_drained_;
}

ReplayCounts ReplayConnection::Counts() const {
  ReplayCounts counts = counts_;
  const auto add = [&counts](const QueueLife& life) {
    if (life.queue == nullptr) return;
    counts.queues += life.queue->stats();
    counts.late_setups += life.queue->late_setups();
    counts.unknown_responses += life.queue->unknown_responses();
  };
  for (const QueueLife& life : past_) add(life);
  add(life_);
  return counts;
}

}  // namespace ddpsim
