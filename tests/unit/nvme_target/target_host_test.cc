#include "models/nvme_target/target_host.h"

#include <catch2/catch.hpp>

#include "host_bench.h"

namespace ddpsim {
namespace {

// Keeps `depth` reads of `size` bytes outstanding until `total` are done; every byte is compared.
class Reader {
 public:
  Reader(HostBench* bench, TestPeer* peer, uint32_t size, int depth, int total)
      : bench_(bench), peer_(peer), size_(size), total_(total) {
    peer_->on_data = [this](SimTime now) { OnData(now); };
    for (int i = 0; i < depth; ++i) Issue(bench->now);
  }
  bool Run(SimTime limit) {
    while (done < total_ && bench_->now < limit) bench_->RunFor(1_ms);
    return done == total_;
  }

  int done = 0;
  bool right = true;

 private:
  uint64_t OffsetOf(uint16_t cid) const { return uint64_t{cid} % 4096 * size_; }
  void Issue(SimTime now) {
    if (issued_ == total_) return;
    const auto cid = static_cast<uint16_t>(issued_++);
    peer_->Write(CommandPdu(ReadCommand(cid, OffsetOf(cid), size_), bench_->framing), now);
  }
  void OnData(SimTime now) {
    while (peer_->received.size() - at_ >= 8) {
      const uint8_t* p = &peer_->received[at_];
      const PduCommonHeader ch = LoadCommonHeader(p);
      if (peer_->received.size() - at_ < ch.plen) return;
      at_ += ch.plen;
      if (static_cast<PduType>(ch.type) == PduType::kC2HData) {
        const uint64_t offset = OffsetOf(LoadLe16(p + 8));
        right &= bench_->content.Equals(offset, ByteSpan(p + ch.pdo, size_), nullptr);
        if ((ch.flags & kPduSuccess) == 0) continue;
      }
      ++done;
      Issue(now);
    }
  }

  HostBench* bench_;
  TestPeer* peer_;
  uint32_t size_;
  int total_;
  int issued_ = 0;
  size_t at_ = 0;
};

TEST_CASE("a host connects an admin and an I/O queue and reads over real TCP") {
  HostBench b;
  TestPeer& io = b.OpenIo();
  CHECK(b.target.connections() == 2);
  CHECK(b.target.connection(1).queue().identity().qid == 1);
  Reader reader(&b, &io, 65536, 8, 100);
  REQUIRE(reader.Run(b.now + 1_s));
  CHECK(reader.right);
  CHECK(b.target.stats().reads == 100);
  CHECK(b.target.stats().bad_checksums == 0);
  CHECK(b.target.connection(1).connection().stats().retransmits == 0);
}

TEST_CASE("loss and corruption on the way to the host are repaired by TCP") {
  HostBench b;
  TestPeer& io = b.OpenIo();
  int n = 0;
  b.to_host.filter = [&](FramePtr f) { return ++n % 97 == 0 ? FramePtr() : std::move(f); };
  Reader reader(&b, &io, 32768, 16, 400);
  REQUIRE(reader.Run(b.now + 20_s));
  CHECK(reader.right);
  CHECK(b.target.connection(1).connection().stats().retransmits > 0);
}

TEST_CASE("a frame with a bad TCP checksum is dropped and counted, the command comes again") {
  HostBench b;
  TestPeer& io = b.OpenIo();
  bool hit = false;
  b.to_target.filter = [&](FramePtr f) -> FramePtr {
    ParsedFrame parsed;
    if (hit || !ParseFrame(f->bytes(), &parsed) || parsed.payload.empty()) return f;
    hit = true;
    RefPtr<Frame> copy = b.frames.Copy(*f);
    copy->mutable_data()[copy->size() - 1] ^= 4;
    return copy;
  };
  Reader reader(&b, &io, 4096, 1, 1);
  REQUIRE(reader.Run(b.now + 5_s));
  CHECK(reader.right);
  CHECK(b.target.stats().bad_checksums == 1);
}

TEST_CASE("writes of all sizes arrive right over real TCP") {
  HostBench b;
  TestPeer& io = b.OpenIo();
  io.Write(CommandPdu(WriteCommand(1, 4096, 8192, true), b.framing, b.ContentAt(4096, 8192)),
           b.now);
  io.Write(CommandPdu(WriteCommand(2, 65536, 131072, false), b.framing), b.now);
  b.RunFor(2_ms);
  for (const Pdu& pdu : WalkPdus(io.received)) {
    if (pdu.type != PduType::kR2T) continue;
    io.Write(
        H2CDataPdu({2, pdu.r2t().ttag, 0, 131072, true}, b.framing, b.ContentAt(65536, 131072)),
        b.now);
  }
  b.RunFor(2_ms);
  CHECK(b.target.stats().writes == 2);
  CHECK(b.target.stats().wrong_writes == 0);
  CHECK(b.target.stats().data_digest_errors == 0);
}

TEST_CASE("frames of a large read share a burst, its memory is given back with the last") {
  HostBench b;
  TestPeer& io = b.OpenIo();
  Reader reader(&b, &io, 262144, 32, 200);
  REQUIRE(reader.Run(b.now + 2_s));
  b.RunFor(1_ms);
  CHECK(b.target.connection(1).connection().tcb().wmem_alloc == 0);
}

TEST_CASE("frames and their bytes are counted as they leave") {
  HostBench b;
  int64_t frames = 0, bytes = 0;
  b.to_host.filter = [&](FramePtr frame) {
    ++frames;
    bytes += frame->size();
    return frame;
  };
  TestPeer& io = b.OpenIo();
  Reader reader(&b, &io, 65536, 4, 20);
  REQUIRE(reader.Run(b.now + 2_s));
  CHECK(b.target.stats().frames_sent == frames);
  CHECK(b.target.stats().bytes_sent == bytes);
}

TEST_CASE("frames for another port, address or protocol are counted and left alone") {
  HostBench b;
  const TcpHeader tcp{40000, 4421, SeqNum(1), SeqNum(0), kTcpSyn, 1000, {}};
  EthIpAddresses addresses;
  addresses.destination_ip = 0x0a090001;
  b.target.OnFrame(WriteSegment(b.frames, addresses, 0, tcp, {}, 0, 0), b.now);
  addresses.destination_ip = 0x0a090009;
  b.target.OnFrame(WriteSegment(b.frames, addresses, 0, tcp, {}, 0, 0), b.now);
  RefPtr<Frame> arp = b.frames.Allocate(60);
  std::fill_n(arp->mutable_data(), 60, uint8_t{6});
  b.target.OnFrame(arp, b.now);
  CHECK(b.target.stats().not_for_us == 3);
  CHECK(b.target.connections() == 0);
}

TEST_CASE("the target is quiet when disk, queues and TCP are, however slow the disk is") {
  TargetConfig config;
  config.latency.mean = 500'000;  // us
  HostBench b(config);
  TestPeer& io = b.OpenIo();
  b.RunFor(1_s);  // the last delayed ACK
  CHECK(b.target.quiet());
  Reader reader(&b, &io, 4096, 1, 1);
  b.RunFor(100_ms);
  CHECK_FALSE(b.target.quiet());  // the disk works
  CHECK(reader.Run(b.now + 1_s));
  b.RunFor(1_s);
  CHECK(b.target.quiet());
  io.Close(b.now);
  b.RunFor(1_s);
  CHECK(b.target.quiet());
}

TEST_CASE("the host closes: the target answers with its FIN and forgets the controller") {
  HostBench b;
  b.OpenIo();
  for (const auto& peer : b.peers) peer->Close(b.now);
  b.RunFor(200_ms);
  for (size_t i = 0; i < 2; ++i) {
    CHECK(b.target.connection(i).queue().dead());
    CHECK(b.target.connection(i).connection().state() == TcpState::kClosed);
  }
}

TEST_CASE("a host that comes back gets a new connection and a new controller") {
  HostBench b;
  b.OpenIo();
  for (const auto& peer : b.peers) peer->Close(b.now);
  b.RunFor(200_ms);
  b.peers.clear();
  TestPeer& admin = b.OpenQueue(40000, 0, 0xffff);
  const auto pdus = WalkPdus(admin.received);
  REQUIRE(pdus.size() == 2);
  CHECK(pdus[1].cqe().result == 2);
  CHECK(b.target.connections() == 3);
}

TEST_CASE("the same seed gives the same frames") {
  uint64_t sums[2] = {};
  for (uint64_t& sum : sums) {
    TargetConfig config;
    config.latency.shape = LatencyShape::kExponential;
    HostBench b(config);
    b.tap = [&](const Frame& f, const ParsedFrame&) {
      for (uint8_t byte : f.bytes().first(100 < f.size() ? 100 : f.size())) sum = sum * 31 + byte;
      sum += static_cast<uint64_t>(b.now.ps());
    };
    TestPeer& io = b.OpenIo();
    Reader reader(&b, &io, 16384, 16, 100);
    REQUIRE(reader.Run(b.now + 1_s));
  }
  CHECK(sums[0] == sums[1]);
}

}  // namespace
}  // namespace ddpsim
