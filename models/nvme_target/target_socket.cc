#include "models/nvme_target/target_socket.h"

#include <algorithm>
#include <utility>

namespace ddpsim {

TargetSocket::TargetSocket(const TargetSocketSetup& setup, TargetParts* parts, TxDevice* device,
                           Calendar* calendar)
    : setup_(setup),
      parts_(parts),
      device_(device),
      connection_(parts->config.tcp, setup.local_port, setup.peer_port, setup.iss),
      tcp_timer_(calendar, this),
      ip_id_(setup.ip_id),
      queue_(setup.number, parts, this, calendar) {
  connection_.Listen();
}

void TargetSocket::OnSegment(SkbPtr skb, SimTime now) {
  connection_.OnSegment(std::move(skb), now, &actions_);
  Apply(now);
}

void TargetSocket::OnTxCompleted(uint32_t truesize, SimTime now) {
  if (transmitting_) {
    completed_meanwhile_ += truesize;
    return;
  }
  connection_.OnTxCompleted(truesize, now, &actions_);
  Apply(now);
}

void TargetSocket::OnDeadline(SimTime now) {
  connection_.OnTimer(now, &actions_);
  Apply(now);
}

void TargetSocket::Transmit(SimTime now) {
  transmitting_ = true;
  for (const TxSegment& segment : actions_.segments) {
    const uint64_t token =
        segment.truesize == 0 ? 0 : uint64_t{setup_.number + 1} << 32 | segment.truesize;
    ip_id_ = static_cast<uint16_t>(
        ip_id_ + device_->Transmit(segment, setup_.addresses, ip_id_, token, now));
  }
  transmitting_ = false;
  actions_.segments.clear();
}

void TargetSocket::Apply(SimTime now) {
  while (!actions_.segments.empty()) {
    Transmit(now);
    if (const uint32_t truesize = std::exchange(completed_meanwhile_, 0)) {
      connection_.OnTxCompleted(truesize, now, &actions_);
    }
  }
  const bool work = actions_.data_ready || actions_.write_space;
  const bool state_changed = actions_.state_changed;
  actions_.Clear();
  const SimTime next = connection_.NextDeadline();
  tcp_timer_.Arm(next.is_never() ? next : std::max(next, now));
  if (state_changed) {
    const TcpState state = connection_.state();
    if (state == TcpState::kCloseWait || state == TcpState::kClosed) queue_.OnClosed(now);
  }
  if (work) queue_.QueueWork(now);
}

uint32_t TargetSocket::Send(const Payload& payload, bool more, bool eor, SimTime now) {
  const auto taken = static_cast<uint32_t>(connection_.Write(payload, {more, eor}, now, &actions_));
  written_ += taken;
  if (taken != 0 && parts_->observer != nullptr) {
    parts_->observer->OnStreamWritten(setup_.number, payload.bytes().first(taken), now);
  }
  Apply(now);
  return taken;
}

void TargetSocket::OnRead(uint32_t bytes, SimTime now) {
  read_ += bytes;
  if (parts_->observer != nullptr) parts_->observer->OnStreamRead(setup_.number, bytes, now);
  connection_.OnAppRead(bytes, now, &actions_);
  Apply(now);
}

void TargetSocket::Shutdown(SimTime now) {
  connection_.Close(now, &actions_);
  Apply(now);
}

void TargetSocket::Abort(SimTime now) {
  connection_.Abort(now, &actions_);
  Apply(now);
}

}  // namespace ddpsim
