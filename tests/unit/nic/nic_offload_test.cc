// The offload through the whole NIC: placed by DMA, reported by 128-byte CQEs. Memory bytes are
// compared.
#include <catch2/catch.hpp>

#include "offload_bench.h"

namespace ddpsim {
namespace {

using Reason = NotPlacedReason;

}  // namespace

TEST_CASE(
    "a mapped C2HData is placed: hole in the RX buffer, data at its destination, CQE says where") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 4096);
  b.Map(3, 4096);
  const Cqe128 first = b.Send(0, 1400);
  CHECK(first.cqe64.nvmeotcp_flags == (kCqeNvmeotcpZc | kCqeNvmeotcpDdgst));
  CHECK(first.nvmeotcp.hlen == NicBench::kHeaders + 24);
  CHECK(first.nvmeotcp.cclen == 1376);
  CHECK(first.nvmeotcp.ccoff_or_resync_tcp_sn == 0);
  CHECK(first.nvmeotcp.ccid == 3);
  CHECK(first.cqe64.byte_cnt == NicBench::kHeaders + 1400);
  CHECK((first.cqe64.sop_drop_qpn & 0xffffff) == kTag);
  CHECK(b.Buffered(0, 0, 24));
  CHECK_FALSE(b.Buffered(0, 24, 1));  // the hole was not written
  CHECK(b.Placed(3, 0, 1376));
  CHECK(b.Untouched(3, 1376, 4096));
  const Cqe128 second = b.Send(1400, 1400);
  CHECK(second.nvmeotcp.hlen == NicBench::kHeaders);
  CHECK(second.nvmeotcp.ccoff_or_resync_tcp_sn == 1376);
  b.Send(2800, b.stream.size() - 2800);
  CHECK(b.Placed(3, 0, 4096));
  CHECK(b.Untouched(3, 4096, 5000));
  CHECK(b.nic.stats().placed_bytes == 4096);
  CHECK(b.nic.stats().digests_right == 1);
}

TEST_CASE("bytes behind the placed ones keep their place in the packet") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 500);
  b.stream.CapsuleResp(3);
  b.Map(3, 500);
  const Cqe128 cqe = b.Send(0, b.stream.size());
  CHECK(cqe.nvmeotcp.cclen == 500);
  CHECK(b.Buffered(0, 0, 24));
  CHECK(b.Buffered(0, 524, 4 + 24));  // digest and CapsuleResp
  CHECK(b.spans ==
        std::vector<NotPlacedSpan>{{0, 24, Reason::kNotData}, {524, 28, Reason::kNotData}});
}

TEST_CASE("placement follows the KLM list over scattered pages") {
  OffloadBench b;
  b.stream.C2HData(1, 0, 1200);
  b.Umr(1, 1200, 0, {{NicBench::kData + 0x100, 500}, {NicBench::kData + 0x8000, 700}});
  b.Run(SimTime::Us(5));
  b.bus.ops.clear();
  b.Send(0, b.stream.size());
  CHECK(ByteSpan(&b.bus.memory[NicBench::kData + 0x100], 500) == b.stream.Slice(24, 500));
  CHECK(ByteSpan(&b.bus.memory[NicBench::kData + 0x8000], 700) == b.stream.Slice(524, 700));
  CHECK(b.bus.ops.size() == 5);  // headers, two pieces, digest, CQE
  CHECK(b.bus.ops.back().kind == FakeBus::Kind::kMessage);
}

TEST_CASE(
    "one placement per packet: the first mapped run, the others go to the RX buffer with their "
    "reason") {
  OffloadBench b({false, false, 0});
  b.stream.C2HData(1, 0, 200);
  b.stream.C2HData(2, 0, 300);
  b.stream.C2HData(3, 0, 400);
  b.Map(2, 300);
  b.Map(3, 400);
  const Cqe128 cqe = b.Send(0, b.stream.size());
  CHECK(cqe.nvmeotcp.ccid == 2);
  CHECK(cqe.nvmeotcp.hlen == NicBench::kHeaders + 248);
  CHECK(b.Placed(2, 0, 300));
  CHECK(b.Untouched(3, 0, 400));
  CHECK(b.Buffered(0, 0, 248));
  CHECK(b.Buffered(0, 548, 424));
  CHECK(b.spans == std::vector<NotPlacedSpan>{{0, 24, Reason::kNotData},
                                              {24, 200, Reason::kNotMapped},
                                              {224, 24, Reason::kNotData},
                                              {548, 24, Reason::kNotData},
                                              {572, 400, Reason::kOnePerPacket}});
}

TEST_CASE("data beyond the mapping is never written, but counted") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 1000);
  b.Map(3, 999);
  const Cqe128 cqe = b.Send(0, b.stream.size());
  CHECK((cqe.cqe64.nvmeotcp_flags & kCqeNvmeotcpZc) == 0);
  CHECK(b.Untouched(3, 0, 2000));
  CHECK(b.nic.stats().out_of_bounds == 1);
  CHECK(b.spans[1].reason == Reason::kOutOfBounds);
}

TEST_CASE("a ccid beyond the tag buffer table is not mapped") {
  OffloadBench b;
  b.stream.C2HData(0xffff, 0, 100);
  CHECK((b.Send(0, b.stream.size()).cqe64.nvmeotcp_flags & kCqeNvmeotcpZc) == 0);
  CHECK(b.nic.stats().not_mapped == 1);
}

TEST_CASE(
    "digest verification works without placement, and placement without digest verification") {
  OffloadBench crc_only({false, true, 0}, false, true);
  crc_only.stream.C2HData(3, 0, 500);
  crc_only.Map(3, 500);
  CHECK(crc_only.Send(0, crc_only.stream.size()).cqe64.nvmeotcp_flags == kCqeNvmeotcpDdgst);
  CHECK(crc_only.spans[1].reason == Reason::kPlacementOff);
  OffloadBench zc_only({false, true, 0}, true, false);
  zc_only.stream.C2HData(3, 0, 500);
  zc_only.Map(3, 500);
  CHECK(zc_only.Send(0, zc_only.stream.size()).cqe64.nvmeotcp_flags == kCqeNvmeotcpZc);
}

TEST_CASE("a corrupted packet does not touch the context, and its retransmission is offloaded") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 2000);
  b.Map(3, 2000);
  auto bad = b.pool.Copy(*b.MakeFrame(SeqNum(kSeq), b.stream.Slice(0, 1000)));
  bad->mutable_data()[500] ^= 1;
  b.Receive(FramePtr(bad));
  ++b.packets;
  CHECK(b.spans == std::vector<NotPlacedSpan>{{0, 1000, Reason::kBadChecksum}});
  CHECK(b.Untouched(3, 0, 2000));
  CHECK((b.Send(0, 1000).cqe64.nvmeotcp_flags & kCqeNvmeotcpZc) != 0);
}

TEST_CASE("a corruption that TCP does not see clears the digest flag where the digest ends") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 2000);
  b.stream.bytes[600] ^= 1;
  b.Map(3, 2000);
  CHECK((b.Send(0, 1000).cqe64.nvmeotcp_flags & kCqeNvmeotcpDdgst) != 0);
  CHECK((b.Send(1000, 1028).cqe64.nvmeotcp_flags & kCqeNvmeotcpDdgst) == 0);
  CHECK(b.nic.stats().digests_wrong == 1);
}

TEST_CASE("what the NIC tells its observer of digests is what its CQE says") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 2000);
  b.stream.bytes[600] ^= 1;
  b.Map(3, 2000);
  for (const auto& [from, size] : {std::pair(0u, 1000u), std::pair(1000u, 1028u)}) {
    const bool right = (b.Send(from, size).cqe64.nvmeotcp_flags & kCqeNvmeotcpDdgst) != 0;
    CHECK(b.verdicts.back().ddgst_ok == right);
    CHECK(right == (from == 0));
  }
}

// zerocopy_en of the TIR allows placement, zero_copy_en of the static parameters asks for it.
TEST_CASE("a TIR that may place does not while the static parameters do not ask for it") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 1000);
  b.StaticParams({false, true, 0}, false, true, 0);
  b.Map(3, 1000);
  CHECK((b.Send(0, b.stream.size()).cqe64.nvmeotcp_flags & kCqeNvmeotcpZc) == 0);
  CHECK(b.spans[0].reason == Reason::kNotData);
  CHECK(b.spans[1].reason == Reason::kPlacementOff);
  CHECK(b.Untouched(3, 0, 1000));
}

TEST_CASE("resync through CQE and static parameters: request, answer, offload again") {
  OffloadBench b;
  for (uint16_t i = 0; i < 6; ++i) {
    b.stream.C2HData(i, 0, 1000);  // 1028 bytes
    b.Map(i, 1000);
  }
  b.Send(0, 1000);
  b.Send(1100, 956);  // the header at 1028 is lost
  CHECK(b.spans[0].reason == Reason::kSearching);
  const Cqe128 request = b.Send(2056, 500);
  CHECK(request.cqe64.nvmeotcp_flags == kCqeNvmeotcpResync);
  CHECK(request.nvmeotcp.ccoff_or_resync_tcp_sn == kSeq + 2056);
  CHECK(b.nic.stats().resync_requests == 1);
  b.StaticParams({false, true, 0}, true, true, kSeq + 1028);  // wrong
  b.StaticParams({false, true, 0}, true, true, kSeq + 2056);
  b.Run(SimTime::Us(10));
  CHECK(b.nic.stats().resync_stale == 1);
  CHECK(b.nic.stats().resync_accepted == 1);
  CHECK(b.Send(2556, 1000).cqe64.nvmeotcp_flags == 0);
  CHECK(b.spans[0].reason == Reason::kTracking);
  const Cqe128 resumed = b.Send(3556, 556);  // rest of the PDU at 3084
  CHECK((resumed.cqe64.nvmeotcp_flags & kCqeNvmeotcpZc) != 0);
  CHECK((resumed.cqe64.nvmeotcp_flags & kCqeNvmeotcpDdgst) == 0);
  CHECK(b.Send(4112, 1028).cqe64.nvmeotcp_flags == (kCqeNvmeotcpZc | kCqeNvmeotcpDdgst));
  CHECK(b.Placed(4, 0, 1000));
}

TEST_CASE("a frame dropped for want of a WQE leaves the context as if the wire had lost it") {
  NicConfig config;
  config.pause = false;
  OffloadBench b({false, true, 0}, true, true, config);
  b.stream.C2HData(3, 0, 60000);
  b.Map(3, 60000);
  for (uint32_t i = 0; i < 60; ++i) {
    b.Send(i * 100, 100);
    b.Doorbell(DoorbellKind::kCqConsumer, b.rx_cqn, i + 1);
  }
  const RxContext before = *b.nic.context(b.tirn);
  b.Receive(b.MakeFrame(SeqNum(kSeq + 6000), b.stream.Slice(6000, 100)));
  CHECK(b.nic.stats().rx_out_of_buffer == 1);
  CHECK(*b.nic.context(b.tirn) == before);
}

TEST_CASE("the verdicts of a clean stream cover every payload byte once") {
  OffloadBench b;
  for (uint16_t i = 0; i < 10; ++i) {
    b.stream.C2HData(i, 0, 700);
    b.stream.CapsuleResp(i);
    if (i % 3 != 0) b.Map(i, 700);
  }
  for (uint32_t at = 0; at < b.stream.size(); at += 450) {
    const uint32_t size = std::min(450u, b.stream.size() - at);
    b.Send(at, size);
    std::vector<int> covered(size);
    for (const NotPlacedSpan& span : b.spans) {
      for (uint32_t i = 0; i < span.size; ++i) ++covered[span.offset + i];
    }
    const auto& placement = b.verdicts.back().placement;
    for (uint32_t i = 0; placement.has_value() && i < placement->size; ++i) {
      ++covered[placement->offset + i];
    }
    CHECK(covered == std::vector<int>(size, 1));
  }
}

}  // namespace ddpsim
