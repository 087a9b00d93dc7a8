#include "models/kernel/socket.h"

#include <catch2/catch.hpp>
#include <set>

#include "models/kernel/cost_ledger.h"
#include "tests/unit/kernel/kernel_bench.h"

using namespace ddpsim;

namespace {

std::string Text(size_t n) {
  std::string text(n, ' ');
  for (size_t i = 0; i < n; ++i) text[i] = static_cast<char>('a' + i * 7 % 26);
  return text;
}

Payload HostPayload(KernelBench& b, const std::string& text) {
  const PhysAddr addr = b.memory.Allocate(text.size());
  b.memory.Write(addr, ByteSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  return {b.memory.At(addr, text.size()), static_cast<uint32_t>(text.size()), addr, nullptr};
}

// What is sent is lost.
void SendToDeafPeer(KernelBench& b, TcpSocket* socket, const std::string& text) {
  auto peer = std::move(b.peer);
  const Payload payload = HostPayload(b, text);
  b.Do([&](ExecContext& ctx) { socket->Send(ctx, payload, false, true); });
  b.peer = std::move(peer);
}

int64_t Units(KernelBench& b, Cost row) {
  return RowMillicycles(b.kernel.cpu().Ledger(), row) / 1000;
}

}  // namespace

TEST_CASE("a socket connects through driver and rings") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  CHECK(socket->established());
  CHECK(b.state_changes >= 1);
  CHECK(b.peer->state() == TcpState::kEstablished);
}

TEST_CASE("bytes of the peer arrive in order through GRO and data_ready is called") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  const std::string text = Text(10000);
  std::string got;
  b.PeerSend(text);
  b.Run(b.now + SimTime::Ms(1));
  CHECK(b.data_ready >= 1);
  b.Do([&](ExecContext& ctx) { got = KernelBench::ReadAll(ctx, socket); });
  CHECK(got == text);
  CHECK(Units(b, Cost::kTcpReceivePacket) > Units(b, Cost::kTcpReceive));  // GRO merged
}

TEST_CASE("bytes written reach the peer, larger writes as TSO") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  const std::string text = Text(9000);
  const Payload payload = HostPayload(b, text);
  uint32_t taken = 0;
  b.Do([&](ExecContext& ctx) { taken = socket->Send(ctx, payload, false, true); });
  CHECK(taken == 9000);
  CHECK(b.peer_received == text);
  bool tso = false;
  for (const FakeNic::Wqe& wqe : b.nic.wqes) tso |= wqe.ctrl().opcode() == WqeOpcode::kTso;
  CHECK(tso);
}

TEST_CASE("packets that arrive while the socket is owned wait in the backlog until its release") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  b.Do([&](ExecContext& ctx) { socket->Lock(ctx); });
  b.PeerSend("first");
  b.Run(b.now + SimTime::Ms(1));
  b.PeerSend("second");
  b.Run(b.now + SimTime::Ms(1));
  CHECK(socket->PeekReceive() == nullptr);
  CHECK(socket->stats().backlogged + socket->stats().backlog_coalesced >= 2);
  b.Do([&](ExecContext& ctx) { socket->Release(ctx); });
  std::string got;
  b.Do([&](ExecContext& ctx) { got = KernelBench::ReadAll(ctx, socket); });
  CHECK(got == "firstsecond");
}

TEST_CASE("a full backlog drops and counts, and TCP recovers what was lost") {
  KernelConfig config = KernelBench::DefaultConfig();
  config.tcp.rcvbuf = 8192;
  config.tcp.sndbuf = 8192;
  KernelBench b(config);
  TcpSocket* socket = b.Connect();
  b.hold = true;
  const std::string text = Text(1000);
  b.PeerSend(text);
  const std::vector<FramePtr> frames = b.to_kernel;
  b.to_kernel.clear();
  b.Do([&](ExecContext& ctx) { socket->Lock(ctx); });
  // The same segment again and again cannot be merged, so each copy counts with its truesize.
  for (int i = 0; i < 60; ++i) {
    b.to_kernel = frames;
    b.DeliverHeld();
    b.Run(b.now + SimTime::Us(100));
  }
  CHECK(socket->stats().backlog_drops > 0);
  b.hold = false;
  b.Do([&](ExecContext& ctx) { socket->Release(ctx); });
  std::string got;
  b.Do([&](ExecContext& ctx) { got = KernelBench::ReadAll(ctx, socket); });
  CHECK(got == text);
}

TEST_CASE("the backlog counts what it holds and what was merged into that") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  b.Do([&](ExecContext& ctx) { socket->Lock(ctx); });
  b.PeerSend("first");
  b.Run(b.now + SimTime::Ms(1));
  CHECK(socket->stats().backlogged == 1);
  CHECK(socket->stats().backlog_coalesced == 0);
  b.PeerSend("second");
  b.Run(b.now + SimTime::Ms(1));
  CHECK(socket->stats().backlogged == 1);
  CHECK(socket->stats().backlog_coalesced == 1);
}

// sk_rcvqueues_full(): qsize > limit, so that what reaches the limit exactly is still taken.
TEST_CASE("a backlog drops when it is beyond its limit, not when it has reached it") {
  KernelConfig config = KernelBench::DefaultConfig();
  config.tcp.sndbuf = 8192;
  config.tcp.rcvbuf = 8192;
  uint32_t truesize = 0;
  {
    KernelBench b(config);
    TcpSocket* socket = b.Connect();
    b.PeerSend(Text(1000));
    b.Run(b.now + SimTime::Ms(1));
    truesize = socket->PeekReceive()->truesize;
  }
  constexpr uint32_t kSkbs = 40;
  for (const uint32_t more : {0u, 1u}) {
    config.tcp.rcvbuf = int64_t{kSkbs} * truesize - 8192 / 2 - 64 * 1024 - more;
    KernelBench b(config);
    TcpSocket* socket = b.Connect();
    b.hold = true;
    b.PeerSend(Text(1000));
    const std::vector<FramePtr> frames = b.to_kernel;
    b.to_kernel.clear();
    b.Do([&](ExecContext& ctx) { socket->Lock(ctx); });
    for (uint32_t i = 0; i < kSkbs + 10; ++i) {
      b.to_kernel = frames;
      b.DeliverHeld();
      b.Run(b.now + SimTime::Us(100));
    }
    CHECK(socket->stats().backlogged == kSkbs + 1 - more);
  }
}

TEST_CASE("initial sequence numbers are drawn by the seed, one for each socket") {
  std::set<uint32_t> seen;
  for (const uint64_t seed : {1, 2}) {
    KernelConfig config = KernelBench::DefaultConfig();
    config.seed = seed;
    KernelBench b(config);
    for (int i = 0; i < 3; ++i) {
      b.kernel_sent.clear();
      b.Connect();
      REQUIRE((b.kernel_sent.front().flags & kTcpSyn) != 0);
      seen.insert(b.kernel_sent.front().seq.value());
    }
  }
  CHECK(seen.size() == 6);
}

TEST_CASE(
    "received skbs with and without a checked digest are merged before v10 and kept apart since") {
  for (const auto& [version, kept_apart] : {std::pair("v9", false), std::pair("v10", true)}) {
    KernelConfig config = KernelBench::DefaultConfig();
    config.device.driver = version;
    KernelBench b(config);
    const TcpConfig& tcp = b.Connect()->connection().tcb().config;
    CHECK(tcp.coalesce_checks_ulp_crc == kept_apart);
    CHECK(tcp.keep_ulp_ddp);
  }
}

TEST_CASE("a lost segment is sent again by the retransmission timer") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  SendToDeafPeer(b, socket, "hello");
  CHECK(b.peer_received.empty());
  b.Run(b.now + SimTime::Sec(1));
  CHECK(b.peer_received == "hello");
  CHECK(Units(b, Cost::kTcpTimer) >= 1);
}

// tcp_write_timer(): sock_owned_by_user(), TCPF_WRITE_TIMER_DEFERRED.
TEST_CASE("a timer that expires while the socket is owned acts when it is released") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  SendToDeafPeer(b, socket, "hello");
  b.Do([&](ExecContext& ctx) { socket->Lock(ctx); });
  b.Run(b.now + SimTime::Sec(1));
  CHECK(b.peer_received.empty());
  b.Do([&](ExecContext& ctx) { socket->Release(ctx); });
  CHECK(b.peer_received == "hello");
}

TEST_CASE("a wrong checksum reaches TCP as such and is dropped there") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  b.hold = true;
  b.PeerSend("hello");
  REQUIRE(b.to_kernel.size() == 1);
  const RefPtr<Frame> bad = b.frames.Copy(*b.to_kernel[0]);
  bad->mutable_data()[bad->size() - 1] ^= 1;
  b.nic.Receive(b.nic.rqs.begin()->first, bad->bytes(),
                [](Cqe64* cqe, CqeNvmeotcp*) { cqe->hds_ip_ext = kCqeL2Ok | kCqeL3Ok; });
  b.Run(b.now + SimTime::Us(100));
  CHECK(socket->connection().stats().bad_checksums == 1);
  CHECK(socket->PeekReceive() == nullptr);
}

TEST_CASE("device completions give TCP its small-queue budget back") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  const Payload payload = HostPayload(b, Text(3000));
  b.Do([&](ExecContext& ctx) { socket->Send(ctx, payload, false, true); });
  CHECK(socket->connection().tcb().wmem_alloc == 0);
}

TEST_CASE("shutdown sends a FIN behind the data") {
  KernelBench b;
  TcpSocket* socket = b.Connect();
  b.Do([&](ExecContext& ctx) { socket->Shutdown(ctx); });
  CHECK((b.kernel_sent.back().flags & kTcpFin) != 0);
  CHECK(b.peer->state() == TcpState::kCloseWait);
}

TEST_CASE("packets of no socket are counted and dropped") {
  KernelBench b;
  b.Connect();
  TcpHeader header;
  header.source_port = 9;
  const FramePtr frame = WriteSegment(b.frames, EthIpAddresses(), 1, header, {}, 0, 0);
  b.nic.Receive(b.nic.rqs.begin()->first, frame->bytes());
  b.Run(b.now + SimTime::Us(100));
  CHECK(b.kernel.stack().no_socket() == 1);
}
