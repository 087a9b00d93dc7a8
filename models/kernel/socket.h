// A TCP socket as the kernel wraps tcp::Connection: ownership, backlog, timers, callbacks and what
// each step costs. Mirrors tcp_v4_rcv(), tcp_add_backlog(), release_sock() and tcp_release_cb() of
// Linux 6.1. Left out: memory pressure across sockets, SO_BUSY_POLL, more than one user of a socket
// at a time. Invariants: (1) the connection sees segments in the order they came up, backlogged or
// not; (2) while owned, packets, timers and device completions wait for Release(); (3) TcpActions
// are carried out completely before any callback runs.
#ifndef DDPSIM_MODELS_KERNEL_SOCKET_H_
#define DDPSIM_MODELS_KERNEL_SOCKET_H_

#include <cstdint>

#include "ddpsim/base/ring_queue.h"
#include "ddpsim/net/byte_stream.h"
#include "ddpsim/net/host_observer.h"
#include "models/kernel/driver_sq.h"
#include "models/kernel/kernel_timer.h"
#include "models/tcp/connection.h"

namespace ddpsim {

class NvmeotcpQueue;

// The way down: dev_queue_xmit() and the doorbell.
class PacketTransmitter {
 public:
  virtual ~PacketTransmitter() = default;
  virtual void Xmit(ExecContext& ctx, CoreId core, TxPacket packet) = 0;
  virtual void Kick(ExecContext& ctx, CoreId core) = 0;
};

struct SocketStats {
  uint64_t skbs = 0;  // from GRO
  uint64_t backlogged = 0;
  uint64_t backlog_coalesced = 0;
  uint64_t backlog_drops = 0;  // TCPBacklogDrop
};

struct SocketSetup {
  TcpConfig tcp;
  EthIpAddresses addresses;  // of what we send
  uint16_t local_port = 0;
  uint16_t peer_port = 0;
  uint32_t iss = 0;
  CoreId core = 0;  // receives the flow
  uint32_t id = 0;  // names the connection to observers
};

class TcpSocket final : public ByteStream, public TxOwner {
 public:
  TcpSocket(const SocketSetup& setup, Calendar* calendar, CpuScheduler* scheduler,
            PacketTransmitter* transmitter, HostObserver* observer);

  // In place of another endpoint (models/tcp/repair.h).
  void TakeOver(SeqNum snd_nxt, SeqNum rcv_nxt, SimTime now);
  // From the IP layer, in softirq.
  void OnPacket(ExecContext& ctx, SkbPtr skb);
  void OnTxCompleted(ExecContext& ctx, uint32_t truesize) override;

  void SetCallbacks(ByteStreamCallbacks* callbacks) override { callbacks_ = callbacks; }
  CoreId incoming_cpu() const override { return setup_.core; }
  const FiveTuple& five_tuple() const override { return tuple_; }
  SeqNum copied_seq() const override { return connection_.tcb().copied_seq; }
  bool established() const override { return connection_.state() == TcpState::kEstablished; }
  bool closed() const override;
  bool was_reset() const override { return connection_.was_reset(); }
  bool timed_out() const override { return connection_.timed_out(); }
  void Connect(ExecContext& ctx) override;
  uint32_t Send(ExecContext& ctx, const Payload& payload, bool more, bool end_of_record) override;
  void Lock(ExecContext& ctx) override;
  void Release(ExecContext& ctx) override;
  Skb* PeekReceive() override { return connection_.PeekReceiveQueue(); }
  void Consume(ExecContext& ctx, uint32_t bytes) override;
  void OnRead(ExecContext& ctx, uint32_t copied) override;
  void Shutdown(ExecContext& ctx) override;
  void Abort(ExecContext& ctx) override;

  uint32_t id() const { return setup_.id; }
  NvmeotcpQueue* ulp_ddp_data = nullptr;  // icsk_ulp_ddp_data, the driver's
  const SocketStats& stats() const { return stats_; }
  // What came up and nobody has read, as far as it is in order.
  int64_t unread_bytes() const {
    return static_cast<int64_t>(connection_.Readable()) + backlog_truesize_;
  }
  const Connection& connection() const { return connection_; }
  bool quiet() const { return backlog_.empty() && connection_.quiet(); }

 private:
  class TimerItem final : public WorkItem {
   public:
    explicit TimerItem(TcpSocket* socket) : socket_(socket) {}
    bool RunPiece(ExecContext& ctx) override {
      socket_->OnTimer(ctx);
      return false;
    }

   private:
    TcpSocket* socket_;
  };

  SimTime Now(ExecContext& ctx);
  void OnTimer(ExecContext& ctx);
  void AddBacklog(ExecContext& ctx, SkbPtr skb);
  void Process(ExecContext& ctx, SkbPtr skb);
  // Carries out actions_: transmits, re-arms the timer, then calls back.
  void Apply(ExecContext& ctx);
  void Transmit(ExecContext& ctx);
  void RunDeferred(ExecContext& ctx);

  SocketSetup setup_;
  FiveTuple tuple_;
  Connection connection_;
  TimerItem timer_item_;
  KernelTimer timer_;
  PacketTransmitter* transmitter_;
  HostObserver* observer_;
  ByteStreamCallbacks* callbacks_ = nullptr;
  TcpActions actions_;
  RingQueue<SkbPtr> backlog_;
  uint32_t backlog_truesize_ = 0;
  bool owned_ = false;
  bool taken_over_ = false;
  bool transmitting_ = false;
  bool timer_deferred_ = false;
  uint32_t tx_completed_deferred_ = 0;
  uint16_t ip_id_ = 1;
  SimTime latest_;  // cores' clocks differ by what they have charged ahead; the connection's must
                    // not go back
  SocketStats stats_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_SOCKET_H_
