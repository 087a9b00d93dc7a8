#include "models/nic/nic.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "ddpsim/base/check.h"
#include "ddpsim/hw/doorbell.h"
#include "ddpsim/hw/wqe.h"
#include "models/nic/send_token.h"

namespace ddpsim {

Nic::Nic(const NicConfig& config, BusMaster* bus, FramePool* pool)
    : config_(config),
      bus_(bus),
      commands_(&objects_),
      icosq_(config, &objects_, &stats_),
      rx_(config, &objects_, bus, &stats_),
      tx_(config, bus, pool, &stats_),
      packet_buffer_(config) {}

const RxContext* Nic::context(uint32_t tirn) const {
  const Transport* tir = objects_.tirs.Find(tirn);
  return tir == nullptr ? nullptr : &tir->context;
}

void Nic::OnFrame(FramePtr frame, SimTime now) {
  if (!packet_buffer_.empty()) {
    DrainPacketBuffer(now);
    if (!packet_buffer_.empty()) return Hold(std::move(frame), nullptr, now);
  }
  ReceiveRing* waiting_for = nullptr;
  if (!Deliver(*frame, now, &waiting_for)) Hold(std::move(frame), waiting_for, now);
}

bool Nic::Deliver(const Frame& frame, SimTime now, ReceiveRing** waiting_for) {
  const RxResult result = rx_.OnFrame(frame, now);
  if (result.outcome == RxOutcome::kNoSteering) {
    ++stats_.rx_steer_missed;
    return true;
  }
  *waiting_for = result.rq;
  if (result.outcome == RxOutcome::kNoWqe) return false;
  if (!result.interrupt_at.is_never()) ScheduleInterrupt(result.rq->cq(), result.interrupt_at);
  return true;
}

// `rq`: what the frame waits for if it is the first to wait.
void Nic::Hold(FramePtr frame, ReceiveRing* rq, SimTime now) {
  // Without pause a frame waits only for a WQE that is on its way.
  const bool posted = rq == nullptr || !rq->NextAvailable(now).is_never();
  if ((!posted && !config_.pause) || !packet_buffer_.Fits(frame->size())) {
    ++stats_.rx_out_of_buffer;
    if (observer_ != nullptr) observer_->OnOutOfBuffer(*frame, now);
    return;
  }
  const size_t pauses_before = pauses_.size();
  if (rq != nullptr) front_waits_for_ = rq;
  packet_buffer_.Push(std::move(frame), now, &pauses_);
  ++stats_.rx_held;
  stats_.tx_pause += static_cast<int64_t>(pauses_.size() - pauses_before);
  stats_.rx_buffer_high_water = std::max(stats_.rx_buffer_high_water, packet_buffer_.bytes());
  if (rq != nullptr) WakePacketBufferAt(rq->NextAvailable(now));
}

void Nic::WakePacketBufferAt(SimTime at) {
  if (at == buffer_wake_at_) return;
  buffer_wake_at_ = at;
  if (!at.is_never()) deadlines_.Add(at, NicTimer::kPacketBuffer, 0);
}

bool Nic::DeliverFront(SimTime now) {
  if (front_waits_for_ != nullptr && !front_waits_for_->Available(now)) return false;
  return Deliver(*packet_buffer_.front(), now, &front_waits_for_);
}

void Nic::PopFront(SimTime now) {
  front_waits_for_ = nullptr;
  packet_buffer_.Pop(now, &pauses_);
  if (!packet_buffer_.empty()) packet_buffer_.front()->Prefetch();
}

void Nic::DrainPacketBuffer(SimTime now) {
  while (!packet_buffer_.empty()) {
    if (!DeliverFront(now)) {
      const SimTime at = front_waits_for_->NextAvailable(now);
      if (!at.is_never() || config_.pause) return WakePacketBufferAt(at);
      ++stats_.rx_out_of_buffer;
      if (observer_ != nullptr) observer_->OnOutOfBuffer(*packet_buffer_.front(), now);
    }
    PopFront(now);
  }
  WakePacketBufferAt(SimTime::Never());
}

void Nic::OnRqDoorbell(uint32_t rqn, uint32_t producer, SimTime now) {
  ReceiveRing* rq = objects_.rqs.Find(rqn);
  SIM_CHECK(rq != nullptr, "doorbell of an RQ that does not exist");
  rq->OnDoorbell(producer, bus_, now);
  if (!packet_buffer_.empty()) DrainPacketBuffer(now);
}

void Nic::OnSqDoorbell(uint32_t sqn, uint16_t producer, SimTime now) {
  SendRing* sq = objects_.sqs.Find(sqn);
  SIM_CHECK(sq != nullptr, "doorbell of an SQ that does not exist");
  sq->OnDoorbell(producer, bus_, now);
  if (!sq->wake_at.is_never() || sq->empty()) return;
  if (sq->is_icosq()) {
    WakeSendQueueAt(sqn, sq, sq->HeadReady() + icosq_.Latency(sq->Head()));
  } else {
    WakeSendQueueAt(sqn, sq, sq->HeadReady());
  }
}

void Nic::WakeSendQueueAt(uint32_t sqn, SendRing* sq, SimTime at) {
  sq->wake_at = at;
  deadlines_.Add(at, NicTimer::kSendQueue, sqn);
}

void Nic::RunSendQueue(uint32_t sqn, SendRing* sq, SimTime now) {
  sq->wake_at = SimTime::Never();
  if (sq->is_icosq()) return RunIcosq(sqn, sq, now);
  while (!sq->empty()) {
    if (sq->HeadReady() > now) return WakeSendQueueAt(sqn, sq, sq->HeadReady());
    const ByteSpan wqe = sq->Head();
    sq->PopHead();
    WqeCtrlSegment ctrl;
    std::memcpy(&ctrl, wqe.data(), sizeof(ctrl));
    const bool want_cqe = (ctrl.fm_ce_se & kCeCqe) != 0;
    if (ctrl.opcode() == WqeOpcode::kNop) {
      if (want_cqe) CompleteSend(sqn, *sq, ctrl.wqe_index(), now);
      continue;
    }
    SIM_CHECK(ctrl.opcode() == WqeOpcode::kSend || ctrl.opcode() == WqeOpcode::kTso,
              "a send queue takes NOP, SEND and TSO only");
    tx_.Execute(wqe, want_cqe ? SendToken(sqn, sq->serial(), ctrl.wqe_index()) : 0, now, &egress_);
  }
}

// The WQE whose execution time is over takes effect; the next one begins.
void Nic::RunIcosq(uint32_t sqn, SendRing* sq, SimTime now) {
  const ByteSpan wqe = sq->Head();
  sq->PopHead();
  WqeCtrlSegment ctrl;
  std::memcpy(&ctrl, wqe.data(), sizeof(ctrl));
  icosq_.Execute(wqe);
  if ((ctrl.fm_ce_se & kCeCqe) != 0) CompleteSend(sqn, *sq, ctrl.wqe_index(), now);
  if (sq->empty()) return;
  WakeSendQueueAt(sqn, sq, std::max(now, sq->HeadReady()) + icosq_.Latency(sq->Head()));
}

void Nic::CompleteSend(uint32_t sqn, const SendRing& sq, uint16_t wqe_index, SimTime now) {
  CompletionQueue* cq = objects_.cqs.Find(sq.cqn());
  ++stats_.cqes;
  const SimTime interrupt_at = WriteSendCqe(sqn, wqe_index, cq, bus_, now);
  if (!interrupt_at.is_never()) ScheduleInterrupt(cq, interrupt_at);
}

void Nic::OnFrameDeparted(uint64_t token, SimTime now) {
  const SentWqe sent = DecodeSendToken(token);
  const SendRing* sq = objects_.sqs.Find(sent.sqn);
  // The queue may have been destroyed, and its number reused, while the frame was on its way.
  if (sq == nullptr || !sent.OfQueue(sq->serial())) return;
  CompleteSend(sent.sqn, *sq, sent.wqe_index, now);
}

// A deadline that moves away with each CQE leaves its entry where it is and moves on when that
// comes due.
void Nic::ScheduleInterrupt(CompletionQueue* cq, SimTime at) {
  if (cq->interrupt_scheduled_at <= at) return;
  cq->interrupt_scheduled_at = at;
  deadlines_.Add(at, NicTimer::kInterrupt, cq->number);
}

void Nic::OnInterruptTimer(CompletionQueue* cq, SimTime due, SimTime now) {
  if (cq->interrupt_scheduled_at != due) return;  // an earlier entry came after this one
  cq->interrupt_scheduled_at = SimTime::Never();
  const SimTime fire_at = cq->moderation().fire_at();
  if (fire_at.is_never()) return;
  if (fire_at > now) return ScheduleInterrupt(cq, fire_at);
  RaiseInterrupt(cq, now);
}

void Nic::RaiseInterrupt(CompletionQueue* cq, SimTime now) {
  cq->moderation().OnFired();
  ++stats_.interrupts;
  uint8_t message[4];
  StoreLe32(message, cq->msix_vector());
  bus_->WriteMessage(kMsixAddress, message, now);
}

void Nic::OnCommand(PhysAddr mailbox, SimTime now) {
  CommandMailbox m;
  static_assert(offsetof(CommandMailbox, rsvd) == 12);
  bus_->Read(mailbox, MutableByteSpan(reinterpret_cast<uint8_t*>(&m), sizeof(m)), now);
  commands_.Execute(&m);
  front_waits_for_ = nullptr;
  ++stats_.commands;
  stats_.commands_failed += m.status != CommandStatus::kOk;
  // Status and object number; the driver reads them when the doorbell write returns.
  bus_->Write(mailbox, ByteSpan(reinterpret_cast<const uint8_t*>(&m), 12), now);
}

SimTime Nic::OnMmioWrite(uint64_t bar_offset, uint64_t value, SimTime now) {
  const uint32_t queue = DoorbellQueueOf(bar_offset);
  const uint32_t counter = static_cast<uint32_t>(value);
  switch (DoorbellKindOf(bar_offset)) {
    case DoorbellKind::kSq:
      OnSqDoorbell(queue, static_cast<uint16_t>(value), now);
      return now;
    case DoorbellKind::kRq:
      OnRqDoorbell(queue, counter, now);
      return now;
    case DoorbellKind::kCqConsumer:
    case DoorbellKind::kCqArm: {
      CompletionQueue* cq = objects_.cqs.Find(queue);
      SIM_CHECK(cq != nullptr, "doorbell of a CQ that does not exist");
      cq->OnConsumer(counter);
      if (DoorbellKindOf(bar_offset) == DoorbellKind::kCqConsumer) return now;
      if (observer_ != nullptr) observer_->OnCqArmed(queue, cq->msix_vector(), now);
      const SimTime at = cq->OnArm(counter, now);
      if (!at.is_never()) ScheduleInterrupt(cq, at);
      return now;
    }
    case DoorbellKind::kCommand:
      OnCommand(value, now);
      return now + SimTime::Ns(config_.command_latency_ns);
  }
  SIM_CHECK(false, "write to an unknown register");
  return now;
}

void Nic::OnTimer(SimTime now) {
  NicDeadline due;
  while (deadlines_.TakeDue(now, &due)) {
    switch (due.timer) {
      case NicTimer::kInterrupt: {
        CompletionQueue* cq = objects_.cqs.Find(due.object);
        if (cq != nullptr) OnInterruptTimer(cq, due.at, now);
        break;
      }
      case NicTimer::kSendQueue: {
        SendRing* sq = objects_.sqs.Find(due.object);
        if (sq != nullptr && sq->wake_at == due.at) RunSendQueue(due.object, sq, now);
        break;
      }
      case NicTimer::kPacketBuffer:
        if (buffer_wake_at_ != due.at) break;
        buffer_wake_at_ = SimTime::Never();
        DrainPacketBuffer(now);
        break;
    }
  }
}

}  // namespace ddpsim
