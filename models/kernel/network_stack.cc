#include "models/kernel/network_stack.h"

#include <utility>

namespace ddpsim {

void NetworkStack::OnPacket(ExecContext& ctx, RxPacket packet) {
  ctx.Charge(Cost::kIpReceive);
  if (last_ == nullptr || packet.flow != last_flow_) {
    const auto it = sockets_.find(packet.flow);
    if (it == sockets_.end()) {
      ++no_socket_;
      return;
    }
    last_flow_ = packet.flow;
    last_ = it->second;
  }
  last_->OnPacket(ctx, std::move(packet.skb));
}

}  // namespace ddpsim
