// IP and the socket table: from a packet's addresses to its socket (ip_rcv(),
// __inet_lookup_established() of Linux 6.1). Left out: routing, netfilter, listening sockets, RST
// for unknown flows (such packets are counted and dropped).
#ifndef DDPSIM_MODELS_KERNEL_NETWORK_STACK_H_
#define DDPSIM_MODELS_KERNEL_NETWORK_STACK_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "models/kernel/channel.h"
#include "models/kernel/socket.h"

namespace ddpsim {

class NetworkStack final : public PacketReceiver {
 public:
  void Register(const FourTuple& received, TcpSocket* socket) { sockets_[received] = socket; }
  void OnPacket(ExecContext& ctx, RxPacket packet) override;
  uint64_t no_socket() const { return no_socket_; }

 private:
  absl::flat_hash_map<FourTuple, TcpSocket*> sockets_;  // looked up, never walked
  FourTuple last_flow_;
  TcpSocket* last_ = nullptr;
  uint64_t no_socket_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_NETWORK_STACK_H_
