#include "sim/replay/replay_connection.h"

#include <algorithm>
#include <utility>

namespace ddpsim {
namespace {

// Command identifiers below it carry no generation.
constexpr uint32_t kPlainTags = 0x1000;

// A segment this far ahead of the stream is a stray: that a queue joins before it is worth more
// than that it does not reach it.
constexpr int32_t kStray = 256 << 10;
constexpr size_t kMaxStrays = 64;

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

void ReplayConnection::SteerAhead(SimTime now) {
  host_.kernel->device().Steer(facts_.received, facts_.core, now);
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
  NoticeDrops();
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
  if (packet_from_target_ && packet.payload_size > 0)
    NotePassed(packet.tcp.seq, packet.tcp.seq + packet.payload_size);
  NoticeStrays();
  // The recorded host closed, or either side reset.
  const bool fin = (flags & kTcpFin) != 0 && (flags & kTcpAck) != 0;
  const bool closed = captured_->reset() || (!packet_from_target_ && fin);
  if (closed && receiving()) LeaveWhenRead();
  over_ = over_ || closed;
}

void ReplayConnection::NotePassed(SeqNum begin, SeqNum end) {
  const SeqNum next = captured_->stream(StreamDirection::kC2H).next_seq();
  if (begin - next <= kStray) {
    seen_top_ = SeqMax(seen_top_.value_or(end), end);
    return;
  }
  strays_.push_back({begin, lives_});
  if (strays_.size() > kMaxStrays) strays_.pop_front();
}

void ReplayConnection::NoticeStrays() {
  const StreamReassembler& stream = captured_->stream(StreamDirection::kC2H);
  bool lacks = false;
  for (auto stray = strays_.begin(); stray != strays_.end();) {
    const bool reached = stray->begin < stream.next_seq();
    const bool due = reached && stray->begin >= stream.SeqOf(joined_at_);
    lacks = lacks || (due && stray->life < lives_);
    stray = reached ? strays_.erase(stray) : stray + 1;
  }
  if (lacks) GiveUpPlace();
}

void ReplayConnection::OnReplaced(SimTime now) {
  now_ = now;
  over_ = true;
  if (receiving()) LeaveWhenRead();
}

QueueConfig ReplayConnection::ConfigOfQueue() const {
  QueueConfig config;
  config.qid = queue_number();
  config.recorded_admin = !facts_.is_io;
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
  ++lives_;
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

// The walk lost its place where the host found nothing wrong, or will at another byte.
void ReplayConnection::NoticeDivergence() {
  const uint64_t resyncs = captured_->walker(StreamDirection::kC2H).resyncs();
  if (std::exchange(walk_resyncs_, resyncs) != resyncs) Diverge();
}

void ReplayConnection::Diverge() {
  if (receiving()) {
    host_.recorder->payload().OnDiverged(queue_number());
  } else if (join_candidate_.has_value()) {
    join_pdus_.push_back({0, 0, 0, 0, true});
  }
}

// The recorded sender cannot be asked again for what the simulated driver has lost.
void ReplayConnection::NoticeDrops() {
  const uint64_t drops = host_.recorder->Of(index_).driver_drops;
  if (std::exchange(drops_, drops) == drops) return;
  GiveUpPlace();
}

void ReplayConnection::OnControllerHeader(const WalkedPdu& pdu) {
  NoticeDivergence();
  // The host may be through with it before the walk is.
  if (!pdu.lengths_agree) Diverge();
  const StreamReassembler& stream = captured_->stream(StreamDirection::kC2H);
  const bool joinable =
      life_.queue == nullptr || (leaving_ && !stop_when_drained_ && life_.queue->stopped());
  if (joinable && !over_ && pdu.lengths_agree && !join_candidate_.has_value()) {
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

void ReplayConnection::OnControllerPdu(const WalkedPdu& pdu) {
  const bool joins = !receiving() && join_candidate_.has_value() && pdu.offset >= *join_candidate_;
  // A queue that is about to stop may still read what comes after its end.
  if (!joins && gone()) return;
  if (!joins && pdu.offset < joined_at_) {
    // The queue will not see how its command ends.
    const std::optional<Cid> cid = CommandOf(pdu);
    if (cid.has_value() && receiving()) Abandon(*cid);
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
  GiveUpPlace();
}

void ReplayConnection::GiveUpPlace() {
  to_read_.reset();
  if (!receiving()) return;
  Leave();
  read_out_first_ = true;
}

void ReplayConnection::Finish(SimTime now) {
  now_ = now;
  over_ = true;
  if (life_.queue == nullptr) return;
  NoticeDrops();
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
