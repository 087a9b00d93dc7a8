// The offload through the whole NIC: mapped by UMR, placed by DMA, reported by 128-byte CQEs. Memory bytes are compared.
#include <catch2/catch.hpp>

#include "nic_bench.h"
#include "pdu_stream.h"

namespace ddpsim {
namespace {

using Reason = NotPlacedReason;
constexpr uint32_t kSeq = 1000;
constexpr uint32_t kTag = 0x51;
constexpr uint32_t kQueueSize = 16;

// One offloaded connection, as the driver's sk_add would leave it.
class OffloadBench : public NicBench {
 public:
  explicit OffloadBench(PduFraming framing = {false, true, 0}, bool zc = true, bool crc = true,
                        NicConfig config = {})
      : NicBench(config), stream(framing) {
    CommandMailbox m = NewCommand(CommandOpcode::kCreateTagBufferTable);
    m.create_tag_buffer_table.log_entries = 4;
    table = Ok(m);
    for (uint32_t ccid = 0; ccid < kQueueSize; ++ccid) {
      m = NewCommand(CommandOpcode::kCreateMkey);
      m.create_mkey = {8, table, ccid};
      mkeys.push_back(Ok(m));
    }
    m = NewCommand(CommandOpcode::kCreateTir);
    m.create_tir = {rqn, zc, crc, table};
    tirn = Ok(m);
    StaticParams(framing, zc, crc, 0);
    std::vector<uint8_t> wqe;
    Append(&wqe, Ctrl(WqeOpcode::kSetPsv, kOpcModSetPsvProgressParams, 0, 2, true, tirn));
    Append(&wqe, uint32_t{0});
    WqeProgressParams progress;
    progress.next_pdu_tcp_sn = kSeq;
    Append(&wqe, progress);
    PostIco(wqe);
    Run(SimTime::Us(20));
    m = NewCommand(CommandOpcode::kSetFlowRule);
    m.flow_rule = {0x0a000001, 0x0a000002, 4420, 50000, tirn, kTag};
    rule = Ok(m);
    PostRx(60);
  }

  void StaticParams(PduFraming framing, bool zc, bool crc, uint32_t resync_tcp_sn) {
    std::vector<uint8_t> wqe;
    Append(&wqe, Ctrl(WqeOpcode::kUmr, kOpcModUmrStaticParams, 0, 12, false, tirn));
    Append(&wqe, WqeUmrCtrlSegment());
    Append(&wqe, WqeMkeyContextSegment());
    WqeStaticParams params;
    params.zero_copy_en = zc;
    params.ddgst_offload_en = crc;
    params.ddgst_en = framing.data_digest;
    params.hddgst_en = framing.header_digest;
    params.nvme_resync_tcp_sn = resync_tcp_sn;
    Append(&wqe, params);
    PostIco(wqe);
  }
  void Umr(uint32_t ccid, uint64_t length, uint32_t offset, std::vector<Klm> klms) {
    std::vector<uint8_t> wqe;
    const uint32_t padded = (static_cast<uint32_t>(klms.size()) + 3) / 4 * 4;
    Append(&wqe, Ctrl(WqeOpcode::kUmr, kOpcModUmrMkey, 0, 8 + padded, false, mkeys[ccid]));
    WqeUmrCtrlSegment umr;
    umr.xlt_octowords = static_cast<uint16_t>(klms.size());
    umr.xlt_offset = static_cast<uint16_t>(offset);
    umr.mkey_mask = kMkeyMaskLen | kMkeyMaskFree;
    Append(&wqe, umr);
    WqeMkeyContextSegment context;
    context.len = length;
    Append(&wqe, context);
    for (const Klm& k : klms) {
      WqeKlm klm;
      klm.bcount = k.bytes;
      klm.va = k.addr;
      Append(&wqe, klm);
    }
    wqe.resize(kUmrHeaderSize + padded * 16);
    PostIco(wqe);
  }
  // Maps the command's buffer to one range at kData + ccid * 64 KiB.
  static PhysAddr DestinationOf(uint32_t ccid) { return kData + ccid * 0x10000; }
  void Map(uint32_t ccid, uint32_t length) {
    Umr(ccid, length, 0, {{DestinationOf(ccid), length}});
    Run(SimTime::Us(5));
  }
  void Invalidate(uint32_t ccid) {
    std::vector<uint8_t> wqe;
    Append(&wqe, Ctrl(WqeOpcode::kUmr, kOpcModUmrMkey, 0x77, 8, true, mkeys[ccid]));
    WqeUmrCtrlSegment umr;
    umr.mkey_mask = kMkeyMaskFree;
    Append(&wqe, umr);
    WqeMkeyContextSegment context;
    context.status = kMkeyStatusFree;
    Append(&wqe, context);
    PostIco(wqe);
  }
  // Sends stream bytes as one packet; returns its CQE.
  Cqe128 Send(uint32_t from, uint32_t size) {
    Receive(MakeFrame(SeqNum(kSeq) + from, stream.Slice(from, size)));
    return RxCqe(packets++);
  }
  // The application's buffer holds the command's data in [from, to).
  bool Placed(uint32_t ccid, uint32_t from, uint32_t to) const {
    for (uint32_t i = from; i < to; ++i) {
      if (bus.memory[DestinationOf(ccid) + i] != DataByte(static_cast<uint16_t>(ccid), i)) return false;
    }
    return true;
  }
  bool Untouched(uint32_t ccid, uint32_t from, uint32_t to) const {
    for (uint32_t i = from; i < to; ++i) {
      if (bus.memory[DestinationOf(ccid) + i] != 0) return false;
    }
    return true;
  }
  // The RX buffer of the last packet holds stream byte `from + at` at its place in the packet.
  bool Buffered(uint32_t from, uint32_t at, uint32_t size) const {
    const uint8_t* p = &bus.memory[BufferOf(packets - 1) + kHeaders + at];
    return ByteSpan(p, size) == stream.Slice(from + at, size);
  }

  PduStream stream;
  uint32_t table = 0, tirn = 0, rule = 0;
  std::vector<uint32_t> mkeys;
  uint32_t packets = 0;
};

}  // namespace

TEST_CASE("a mapped C2HData is placed: hole in the RX buffer, data at its destination, CQE says where") {
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
  CHECK(b.spans == std::vector<NotPlacedSpan>{{0, 24, Reason::kNotData}, {524, 28, Reason::kNotData}});
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

TEST_CASE("one placement per packet: the first mapped run, the others go to the RX buffer with their reason") {
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

TEST_CASE("a response that beats its UMR is not placed; after the UMR's latency it is") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 2000);
  b.Umr(3, 2000, 0, {{b.DestinationOf(3), 2000}});
  b.Run(SimTime::Ns(1400));  // WQE read 500 ns, UMR 1008 ns
  CHECK(b.Send(0, 1000).cqe64.nvmeotcp_flags == kCqeNvmeotcpDdgst);
  CHECK(b.spans.back().reason == Reason::kNotMapped);
  b.Run(SimTime::Ns(200));
  CHECK(b.Send(1000, 1000).nvmeotcp.ccoff_or_resync_tcp_sn == 976);
  CHECK(b.Untouched(3, 0, 976));
  CHECK(b.Placed(3, 976, 1976));
}

TEST_CASE("after invalidation nothing is placed, and the invalidation completes with a CQE") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 2000);
  b.Map(3, 2000);
  b.Send(0, 1000);
  const uint32_t generation = b.verdicts.back().placement->generation;
  b.Invalidate(3);
  b.Run(SimTime::Us(5));
  CHECK(b.Cqe64At(NicBench::kIcoCqRing, 1).wqe_counter == 0x77);  // entry 0 is SET_PSV's
  CHECK(b.Send(1000, 500).cqe64.nvmeotcp_flags == kCqeNvmeotcpDdgst);
  b.Map(3, 2000);
  b.Send(1500, 500);
  CHECK(b.verdicts.back().placement->generation == generation + 1);
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

TEST_CASE("digest verification works without placement, and placement without digest verification") {
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

TEST_CASE("the ICOSQ executes WQEs one after the other and in order") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 1000);
  b.Umr(3, 1000, 0, {{b.DestinationOf(3), 1000}});
  b.Invalidate(3);
  b.Umr(3, 1000, 0, {{b.DestinationOf(4), 1000}});
  b.Run(SimTime::Us(1));
  CHECK(b.nic.stats().umr_wqes == 2);  // those of the set-up
  b.Run(SimTime::Us(1));
  CHECK(b.nic.stats().umr_wqes == 3);
  b.Run(SimTime::Us(3));
  CHECK(b.nic.stats().umr_wqes == 5);
  b.Send(0, b.stream.size());
  CHECK(b.Untouched(3, 0, 1000));
  CHECK(ByteSpan(&b.bus.memory[b.DestinationOf(4)], 1000) == b.stream.Slice(24, 1000));
}

TEST_CASE("a UMR on an mkey that does not exist is refused and counted") {
  OffloadBench b;
  b.mkeys[3] = 9999;
  b.Umr(3, 1000, 0, {{b.DestinationOf(3), 1000}});
  b.Run(SimTime::Us(5));
  CHECK(b.nic.stats().umr_refused == 1);
}

TEST_CASE("a mapping in two UMRs of different offsets is one buffer") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 1000);
  b.Umr(3, 1000, 0, {{NicBench::kData, 250}, {NicBench::kData + 0x1000, 250}});
  b.Umr(3, 1000, 2, {{NicBench::kData + 0x2000, 500}});
  b.Run(SimTime::Us(5));
  b.Send(0, b.stream.size());
  CHECK(ByteSpan(&b.bus.memory[NicBench::kData], 250) == b.stream.Slice(24, 250));
  CHECK(ByteSpan(&b.bus.memory[NicBench::kData + 0x1000], 250) == b.stream.Slice(274, 250));
  CHECK(ByteSpan(&b.bus.memory[NicBench::kData + 0x2000], 500) == b.stream.Slice(524, 500));
}

TEST_CASE("a connection is taken down: rule, TIR, table with its mkeys, in that order only") {
  OffloadBench b;
  const auto destroy = [&b](CommandOpcode opcode, uint32_t object) {
    CommandMailbox m = NicBench::NewCommand(opcode);
    m.destroy.object = object;
    return b.Command(m).status;
  };
  CHECK(destroy(CommandOpcode::kDestroyTagBufferTable, b.table) == CommandStatus::kBadObject);
  CHECK(destroy(CommandOpcode::kDestroyTir, b.tirn) == CommandStatus::kBadObject);
  CHECK(destroy(CommandOpcode::kDeleteFlowRule, b.rule) == CommandStatus::kOk);
  CHECK(destroy(CommandOpcode::kDestroyTir, b.tirn) == CommandStatus::kOk);
  CHECK(destroy(CommandOpcode::kDestroyTagBufferTable, b.table) == CommandStatus::kOk);
  CHECK(destroy(CommandOpcode::kDestroyTir, b.tirn) == CommandStatus::kBadObject);
}

}  // namespace ddpsim
