#include "models/kernel/network_stack.h"

#include <utility>

namespace ddpsim {

void NetworkStack::OnPacket(ExecContext& ctx, RxPacket packet) {
  ctx.Charge(Cost::kIpReceive);
  TcpSocket* const socket = sockets_.Find(packet.flow);
  if (socket == nullptr) {
    ++no_socket_;
    return;
  }
  socket->OnPacket(ctx, std::move(packet.skb));
}

}  // namespace ddpsim
