#include "models/kernel/socket.h"

#include <algorithm>
#include <utility>

#include "ddpsim/base/check.h"

namespace ddpsim {

TcpSocket::TcpSocket(const SocketSetup& setup, Calendar* calendar, CpuScheduler* scheduler,
                     PacketTransmitter* transmitter, HostObserver* observer)
    : setup_(setup),
      connection_(setup.tcp, setup.local_port, setup.peer_port, setup.iss),
      timer_item_(this),
      timer_(calendar, scheduler, setup.core, &timer_item_),
      transmitter_(transmitter),
      observer_(observer) {
  tuple_.flow = {setup.addresses.destination_ip, setup.addresses.source_ip, setup.peer_port,
                 setup.local_port};
}

SimTime TcpSocket::Now(ExecContext& ctx) {
  latest_ = std::max(latest_, ctx.Now());
  return latest_;
}

bool TcpSocket::closed() const {
  const TcpState state = connection_.state();
  return state != TcpState::kEstablished && state != TcpState::kSynSent &&
         state != TcpState::kSynReceived;
}

void TcpSocket::TakeOver(SeqNum snd_nxt, SeqNum rcv_nxt, SimTime now) {
  taken_over_ = true;
  latest_ = std::max(latest_, now);
  connection_.TakeOver(snd_nxt, rcv_nxt, latest_, &actions_);
  actions_.Clear();
}

void TcpSocket::OnPacket(ExecContext& ctx, SkbPtr skb) {
  ++stats_.skbs;
  if (owned_) return AddBacklog(ctx, std::move(skb));
  Process(ctx, std::move(skb));
}

void TcpSocket::AddBacklog(ExecContext& ctx, SkbPtr skb) {
  ctx.Charge(Cost::kTcpBacklog);
  // tcp_add_backlog(): a neighbour of the last one is merged if tcp_skb_can_collapse_rx() and its
  // flags allow.
  constexpr uint8_t kNoMerge = kTcpSyn | kTcpRst | kTcpUrg | kTcpFin;
  const uint32_t truesize = skb->truesize;
  if (!backlog_.empty() && !skb->bad_checksum && skb->size > 0 &&
      (skb->tcp.flags & kNoMerge) == 0) {
    Skb* tail = backlog_[backlog_.size() - 1].get();
    if (!tail->bad_checksum && tail->size > 0 && (tail->tcp.flags & kNoMerge) == 0 &&
        TryCoalesce(tail, skb, setup_.tcp)) {
      ++stats_.backlog_coalesced;
      backlog_truesize_ += truesize;
      return;
    }
  }
  // sk_rcvqueues_full() against the limit of Linux 6.1: rcvbuf + sndbuf / 2 + 64 KiB.
  const Tcb& tcb = connection_.tcb();
  const int64_t limit = tcb.win.rcvbuf + tcb.sndbuf / 2 + 64 * 1024;
  if (int64_t{backlog_truesize_} + tcb.win.rmem_alloc > limit) {
    ++stats_.backlog_drops;
    return;
  }
  ++stats_.backlogged;
  backlog_truesize_ += truesize;
  backlog_.push_back(std::move(skb));
}

void TcpSocket::Process(ExecContext& ctx, SkbPtr skb) {
  ctx.Charge(Cost::kTcpReceive);
  ctx.Charge(Cost::kTcpReceivePacket, skb->segments);
  if (skb->size == 0) ctx.Charge(Cost::kSkbFree);
  const TcpStats& tcp = connection_.stats();
  const uint64_t acked = tcp.bytes_acked;
  const uint64_t out_of_order = tcp.ooo_segments;
  if (taken_over_ && (skb->tcp.flags & kTcpAck) != 0) connection_.AssumeSent(skb->tcp.ack);
  connection_.OnSegment(std::move(skb), Now(ctx), &actions_);
  if (tcp.bytes_acked != acked) ctx.Charge(Cost::kTcpReceiveAck);
  if (tcp.ooo_segments != out_of_order) ctx.Charge(Cost::kTcpOutOfOrder);
  Apply(ctx);
}

void TcpSocket::OnTimer(ExecContext& ctx) {
  if (owned_) {
    timer_deferred_ = true;
    return;
  }
  ctx.Charge(Cost::kTcpTimer);
  connection_.OnTimer(Now(ctx), &actions_);
  Apply(ctx);
}

void TcpSocket::OnTxCompleted(ExecContext& ctx, uint32_t truesize) {
  if (owned_ || transmitting_) {
    tx_completed_deferred_ += truesize;
    return;
  }
  connection_.OnTxCompleted(truesize, Now(ctx), &actions_);
  Apply(ctx);
}

void TcpSocket::Apply(ExecContext& ctx) {
  if (!actions_.segments.empty()) Transmit(ctx);
  const bool data_ready = actions_.data_ready;
  const bool write_space = actions_.write_space;
  const bool state_changed = actions_.state_changed;
  actions_.Clear();
  const SimTime next = connection_.NextDeadline();
  timer_.Arm(next.is_never() ? next : std::max(next, ctx.Now()));
  if (callbacks_ == nullptr) return;
  if (state_changed) callbacks_->OnStateChange(ctx);
  if (data_ready) callbacks_->OnDataReady(ctx);
  if (write_space) callbacks_->OnWriteSpace(ctx);
}

void TcpSocket::Transmit(ExecContext& ctx) {
  transmitting_ = true;
  for (TxSegment& segment : actions_.segments) {
    ctx.Charge(segment.payload_size == 0 ? Cost::kTcpSendAck : Cost::kTcpTransmit);
    const uint32_t frames = segment.gso_size == 0
                                ? 1
                                : (segment.payload_size + segment.gso_size - 1) / segment.gso_size;
    TxPacket packet{std::move(segment), setup_.addresses, ip_id_, this};
    ip_id_ = static_cast<uint16_t>(ip_id_ + frames);
    transmitter_->Xmit(ctx, setup_.core, std::move(packet));
  }
  transmitter_->Kick(ctx, setup_.core);
  transmitting_ = false;
}

void TcpSocket::Connect(ExecContext& ctx) {
  connection_.Connect(Now(ctx), &actions_);
  Apply(ctx);
}

uint32_t TcpSocket::Send(ExecContext& ctx, const Payload& payload, bool more, bool end_of_record) {
  const bool locked_here = !owned_;
  if (locked_here) Lock(ctx);
  ctx.Charge(Cost::kSendMsg);
  const auto taken =
      static_cast<uint32_t>(connection_.Write(payload, {more, end_of_record}, Now(ctx), &actions_));
  if (taken > 0 && observer_ != nullptr)
    observer_->OnStreamWritten(setup_.id, payload.bytes().first(taken), ctx.Now());
  Apply(ctx);
  if (locked_here) Release(ctx);
  return taken;
}

void TcpSocket::Lock(ExecContext& ctx) {
  SIM_CHECK(!owned_, "the socket has an owner already");
  ctx.Charge(Cost::kSockLock);
  owned_ = true;
}

void TcpSocket::Release(ExecContext& ctx) {
  SIM_CHECK(owned_, "the socket has no owner");
  while (!backlog_.empty()) Process(ctx, backlog_.pop_front());
  backlog_truesize_ = 0;
  owned_ = false;
  RunDeferred(ctx);
}

void TcpSocket::RunDeferred(ExecContext& ctx) {
  if (tx_completed_deferred_ > 0) OnTxCompleted(ctx, std::exchange(tx_completed_deferred_, 0));
  if (std::exchange(timer_deferred_, false)) OnTimer(ctx);
}

void TcpSocket::Consume(ExecContext& ctx, uint32_t bytes) {
  const Skb* head = connection_.PeekReceiveQueue();
  SIM_CHECK(owned_ && head != nullptr && bytes <= head->size);
  if (bytes == head->size) ctx.Charge(Cost::kSkbFree, head->segments);
  connection_.ConsumeReceiveQueue(bytes);
}

void TcpSocket::OnRead(ExecContext& ctx, uint32_t copied) {
  connection_.OnAppRead(copied, Now(ctx), &actions_);
  Apply(ctx);
}

void TcpSocket::Shutdown(ExecContext& ctx) {
  const bool locked_here = !owned_;
  if (locked_here) Lock(ctx);
  connection_.Close(Now(ctx), &actions_);
  Apply(ctx);
  if (locked_here) Release(ctx);
}

void TcpSocket::Abort(ExecContext& ctx) {
  const bool locked_here = !owned_;
  if (locked_here) Lock(ctx);
  connection_.Abort(Now(ctx), &actions_);
  Apply(ctx);
  if (locked_here) Release(ctx);
}

}  // namespace ddpsim
