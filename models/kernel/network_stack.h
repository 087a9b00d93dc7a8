// IP and the socket table: from a packet's addresses to its socket (ip_rcv(),
// __inet_lookup_established() of Linux 6.1). Left out: routing, netfilter, listening sockets, RST
// for unknown flows (such packets are counted and dropped).
#ifndef DDPSIM_MODELS_KERNEL_NETWORK_STACK_H_
#define DDPSIM_MODELS_KERNEL_NETWORK_STACK_H_

#include <cstdint>

#include "models/kernel/channel.h"
#include "models/kernel/socket.h"
#include "models/tcp/tcp_demux.h"

namespace ddpsim {

class NetworkStack final : public PacketReceiver {
 public:
  // A socket that is there already for these packets is forgotten (reconnection from the same
  // port).
  void Register(const FourTuple& received, TcpSocket* socket) {
    sockets_.Remove(received);
    sockets_.Add(received, socket);
  }
  void OnPacket(ExecContext& ctx, RxPacket packet) override;
  uint64_t no_socket() const { return no_socket_; }

 private:
  TcpDemux<TcpSocket> sockets_;
  uint64_t no_socket_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NETWORK_STACK_H_
