// Reception without the offload, through the whole NIC.
#include <catch2/catch.hpp>

#include "nic_bench.h"

namespace ddpsim {
namespace {

std::vector<uint8_t> Bytes(uint32_t size, uint8_t first = 1) {
  std::vector<uint8_t> v(size);
  for (uint32_t i = 0; i < size; ++i) v[i] = static_cast<uint8_t>(first + i);
  return v;
}

bool BufferHolds(const NicBench& b, uint32_t counter, const FramePtr& frame) {
  return std::memcmp(&b.bus.memory[NicBench::BufferOf(counter)], frame->bytes().data(),
                     frame->size()) == 0;
}

NicConfig WithPause(bool pause) {
  NicConfig config;
  config.pause = pause;
  config.packet_buffer_bytes = 16 << 10;
  return config;
}

}  // namespace

TEST_CASE("a frame lands whole in the next RX buffer and its CQE follows it on the bus") {
  NicBench b;
  b.UseRss();
  b.PostRx(8);
  const auto frame = b.MakeFrame(SeqNum(7), Bytes(1000));
  b.bus.ops.clear();
  b.Receive(frame);
  CHECK(BufferHolds(b, 0, frame));
  REQUIRE(b.bus.ops.size() == 2);
  CHECK(b.bus.ops[0].kind == FakeBus::Kind::kWrite);
  CHECK(b.bus.ops[1].kind == FakeBus::Kind::kMessage);
  const Cqe128 cqe = b.RxCqe(0);
  CHECK(cqe.cqe64.byte_cnt == frame->size());
  CHECK(cqe.cqe64.opcode() == CqeOpcode::kRespSend);
  CHECK(cqe.cqe64.hds_ip_ext == (kCqeL2Ok | kCqeL3Ok | kCqeL4Ok));
  CHECK(cqe.cqe64.nvmeotcp_flags == 0);
  CHECK(cqe.cqe64.rss_hash_result == ToeplitzHash().Hash({0x0a000001, 0x0a000002, 4420, 50000}));
  CHECK(cqe.cqe64.sop_drop_qpn == 0);
}

TEST_CASE("frames take RX WQEs in ring order across the wrap") {
  NicBench b;
  b.UseRss();
  for (uint32_t i = 0; i < 150; ++i) {
    b.PostRx(1);
    const auto frame = b.MakeFrame(SeqNum(i), Bytes(100, static_cast<uint8_t>(i)));
    b.Receive(frame);
    CHECK(BufferHolds(b, i, frame));
    CHECK(b.RxCqe(i % 64).cqe64.wqe_counter == i);
    CHECK(b.RxCqe(i % 64).cqe64.owner() == ((i / 64) % 2 == 1));
    b.Doorbell(DoorbellKind::kCqConsumer, b.rx_cqn, i + 1);
  }
  CHECK(b.nic.stats().rx_packets == 150);
}

TEST_CASE("a frame with a wrong TCP checksum is delivered without the L4 flag") {
  NicBench b;
  b.UseRss();
  b.PostRx(8);
  auto frame = b.pool.Copy(*b.MakeFrame(SeqNum(7), Bytes(1000)));
  frame->mutable_data()[500] ^= 4;
  b.Receive(FramePtr(frame));
  CHECK(b.RxCqe(0).cqe64.hds_ip_ext == (kCqeL2Ok | kCqeL3Ok));
  CHECK(b.nic.stats().rx_bad_checksum == 1);
}

TEST_CASE("a frame that is not TCP is delivered without checksum flags") {
  NicBench b;
  b.UseRss();
  b.PostRx(8);
  auto frame = b.pool.Allocate(60);
  std::memset(frame->mutable_data(), 0, 60);
  b.Receive(FramePtr(frame));
  CHECK(b.RxCqe(0).cqe64.hds_ip_ext == kCqeL2Ok);
  CHECK(b.nic.stats().rx_not_tcp == 1);
}

TEST_CASE("without steering frames are dropped and counted") {
  NicBench b;
  b.PostRx(8);
  b.Receive(b.MakeFrame(SeqNum(7), Bytes(10)));
  CHECK(b.nic.stats().rx_steer_missed == 1);
  CHECK(b.nic.stats().rx_packets == 0);
}

TEST_CASE("without pause a frame for which no WQE is posted is dropped and counted") {
  NicBench b(WithPause(false));
  b.UseRss();
  b.PostRx(1);
  b.Receive(b.MakeFrame(SeqNum(7), Bytes(10)));
  b.Receive(b.MakeFrame(SeqNum(17), Bytes(10)));
  CHECK(b.nic.stats().rx_out_of_buffer == 1);
  CHECK(b.out_of_buffer == 1);
  CHECK(b.nic.stats().rx_packets == 1);
}

TEST_CASE("without pause a frame waits for WQEs whose read is under way") {
  NicBench b(WithPause(false));
  b.UseRss();
  b.PostRx(1, false);
  b.Receive(b.MakeFrame(SeqNum(7), Bytes(10)));
  CHECK(b.nic.stats().rx_packets == 0);
  b.Run(SimTime::Us(1));
  CHECK(b.nic.stats().rx_packets == 1);
  CHECK(b.nic.stats().rx_out_of_buffer == 0);
}

TEST_CASE("with pause frames wait, XOFF is sent once above the threshold and XON when drained") {
  NicBench b(WithPause(true));  // 16 KiB: XOFF above 8192 bytes, XON at 4096
  b.UseRss();
  std::vector<FramePtr> frames;
  for (uint32_t i = 0; i < 20; ++i) {
    frames.push_back(b.MakeFrame(SeqNum(i), Bytes(1000, static_cast<uint8_t>(i))));
    b.Receive(frames.back());
  }
  CHECK(b.nic.stats().rx_packets == 0);
  REQUIRE(b.nic.pauses().size() == 1);
  CHECK(b.nic.pauses()[0].xoff);
  b.nic.pauses().clear();
  b.PostRx(17);  // leaves 3 frames: below 4096 bytes
  REQUIRE(b.nic.pauses().size() == 1);
  CHECK_FALSE(b.nic.pauses()[0].xoff);
  b.PostRx(10);
  CHECK(b.nic.stats().rx_packets == 20);
  CHECK(b.nic.stats().rx_out_of_buffer == 0);
  for (uint32_t i = 0; i < 20; ++i) CHECK(BufferHolds(b, i, frames[i]));
}

TEST_CASE("a frame that finds others waiting does not overtake them") {
  NicBench b(WithPause(true));
  b.UseRss();
  const auto first = b.MakeFrame(SeqNum(1), Bytes(100, 1));
  const auto second = b.MakeFrame(SeqNum(2), Bytes(100, 2));
  b.Receive(first);
  b.PostRx(2, false);
  b.Receive(second);
  b.Run(SimTime::Us(1));
  CHECK(BufferHolds(b, 0, first));
  CHECK(BufferHolds(b, 1, second));
}

TEST_CASE("a frame that comes when those before it can go at last goes with them") {
  NicBench b(WithPause(true));
  b.UseRss();
  b.Receive(b.MakeFrame(SeqNum(1), Bytes(100, 1)));
  b.PostRx(2, false);
  b.now = b.now + SimTime::Us(1);  // the WQEs are there, and the NIC was not woken yet
  const auto second = b.MakeFrame(SeqNum(2), Bytes(100, 2));
  b.Receive(second);
  CHECK(BufferHolds(b, 1, second));
  CHECK(b.nic.stats().rx_packets == 2);
  CHECK(b.nic.stats().rx_held == 1);
}

// Every queue of the table gets the flows whose hash names it, as the CQE reports it.
TEST_CASE("frames without a flow rule go to the queue that their RSS hash names") {
  constexpr PhysAddr kOtherRing = 0x70000;
  NicBench b;
  CommandMailbox create = NicBench::NewCommand(CommandOpcode::kCreateRq);
  create.create_rq = {kOtherRing, NicBench::kLogRing, b.rx_cqn};
  const uint32_t other = b.Ok(create);
  CommandMailbox steer = NicBench::NewCommand(CommandOpcode::kSetRssTable);
  steer.set_rss_table.count = 2;
  steer.set_rss_table.rqn[0] = b.rqn;
  steer.set_rss_table.rqn[1] = other;
  b.Ok(steer);
  for (uint32_t i = 0; i < 20; ++i) {
    WqeDataSegment wqe;
    wqe.byte_count = NicBench::kRxBufferSize;
    wqe.addr = NicBench::BufferOf(40 + i);
    std::memcpy(&b.bus.memory[kOtherRing + i * sizeof(wqe)], &wqe, sizeof(wqe));
  }
  b.Doorbell(DoorbellKind::kRq, other, 20);
  b.PostRx(20);
  uint32_t taken[2] = {};
  for (uint32_t i = 0; i < 20; ++i) {
    TcpHeader tcp;
    tcp.source_port = static_cast<uint16_t>(4420 + i);
    tcp.destination_port = 50000;
    tcp.flags = kTcpAck;
    const auto frame = WriteSegment(b.pool, NicBench::Addresses(), 1, tcp, {}, 0, 0);
    b.Receive(frame);
    const uint32_t queue = b.RxCqe(i).cqe64.rss_hash_result % 2;
    CHECK(BufferHolds(b, 40 * queue + taken[queue]++, frame));
  }
  CHECK((taken[0] > 0 && taken[1] > 0));
}

TEST_CASE("a frame that waits is steered anew after a command") {
  constexpr PhysAddr kOtherRing = 0x70000;
  NicBench b(WithPause(true));
  b.UseRss();
  const auto frame = b.MakeFrame(SeqNum(1), Bytes(100, 1));
  b.Receive(frame);
  CommandMailbox create = NicBench::NewCommand(CommandOpcode::kCreateRq);
  create.create_rq = {kOtherRing, NicBench::kLogRing, b.rx_cqn};
  const uint32_t other = b.Ok(create);
  CommandMailbox steer = NicBench::NewCommand(CommandOpcode::kSetRssTable);
  steer.set_rss_table.count = 1;
  steer.set_rss_table.rqn[0] = other;
  b.Ok(steer);
  WqeDataSegment wqe;
  wqe.byte_count = NicBench::kRxBufferSize;
  wqe.addr = NicBench::BufferOf(5);
  std::memcpy(&b.bus.memory[kOtherRing], &wqe, sizeof(wqe));
  b.Doorbell(DoorbellKind::kRq, other, 1);
  b.Run(SimTime::Us(1));
  CHECK(b.nic.stats().rx_packets == 1);
  CHECK(BufferHolds(b, 5, frame));
}

TEST_CASE("an armed CQ interrupts after the moderation time, and the message follows the CQE") {
  NicBench b;
  b.UseRss();
  b.PostRx(8);
  b.Doorbell(DoorbellKind::kCqArm, b.rx_cqn, 0);
  b.Receive(b.MakeFrame(SeqNum(7), Bytes(10)));
  b.Run(SimTime::Us(8));
  CHECK(b.bus.interrupts.empty());  // 8 us count from the CQE, 200 ns after the frame
  b.Run(SimTime::Us(1));
  CHECK(b.bus.interrupts == std::vector<uint32_t>{3});
  b.Receive(b.MakeFrame(SeqNum(17), Bytes(10)));
  b.Run(SimTime::Us(100));
  CHECK(b.bus.interrupts.size() == 1);            // not armed
  b.Doorbell(DoorbellKind::kCqArm, b.rx_cqn, 1);  // one CQE is not reported
  b.Run(SimTime::Us(100));
  CHECK(b.bus.interrupts.size() == 2);
  b.Doorbell(DoorbellKind::kCqArm, b.rx_cqn, 2);
  b.Run(SimTime::Us(100));
  CHECK(b.bus.interrupts.size() == 2);
  CHECK(b.nic.stats().interrupts == 2);
}

TEST_CASE("a NIC is quiet when no frame waits and no interrupt is to come, however moderated") {
  NicBench b(WithPause(true));
  b.UseRss();
  CHECK(b.nic.quiet());
  b.Receive(b.MakeFrame(SeqNum(1), Bytes(100)));
  CHECK_FALSE(b.nic.quiet());  // waits for a WQE
  b.PostRx(8);
  CHECK(b.nic.quiet());
  b.Doorbell(DoorbellKind::kCqArm, b.rx_cqn, 1);
  b.Receive(b.MakeFrame(SeqNum(2), Bytes(100)));
  CHECK_FALSE(b.nic.quiet());  // the moderation time runs
  b.Run(SimTime::Us(100));
  CHECK(b.nic.quiet());
}

TEST_CASE("steady reception allocates nothing and leaves no deadline behind") {
  NicBench b;
  b.UseRss();
  b.PostRx(8);
  b.Receive(b.MakeFrame(SeqNum(7), Bytes(10)));
  b.Run(SimTime::Us(100));
  CHECK(b.nic.NextDeadline().is_never());
  CHECK(b.pool.live() == 0);
}

}  // namespace ddpsim
