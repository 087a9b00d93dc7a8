// Control WQEs through the whole NIC: when mappings take effect, in which order, and how they end.
#include <catch2/catch.hpp>

#include "offload_bench.h"

namespace ddpsim {
namespace {

using Reason = NotPlacedReason;

}  // namespace

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

TEST_CASE("a doorbell that a later one of another core has overtaken changes nothing") {
  OffloadBench b;
  b.stream.C2HData(3, 0, 1000);
  const uint16_t before = b.ico_producer;
  b.Umr(3, 1000, 0, {{b.DestinationOf(3), 1000}});
  b.Umr(4, 1000, 0, {{b.DestinationOf(4), 1000}});
  const uint16_t between = static_cast<uint16_t>((before + b.ico_producer) / 2);
  b.Doorbell(DoorbellKind::kSq, b.icosqn, between);
  b.Doorbell(DoorbellKind::kSq, b.icosqn, before);
  b.Run(SimTime::Us(10));
  CHECK(b.nic.stats().umr_wqes == 4);  // two of the set-up, these two once
  CHECK(b.nic.stats().umr_refused == 0);
  b.Send(0, b.stream.size());
  CHECK(b.Placed(3, 0, 1000));
}

// The counter has 16 bits: what seems more than half of it ahead is behind.
TEST_CASE("a doorbell that came later than all of half the counter's WQEs changes nothing") {
  OffloadBench b;
  const auto umr_wqes = b.nic.stats().umr_wqes;
  b.Doorbell(DoorbellKind::kSq, b.icosqn, static_cast<uint16_t>(b.ico_producer + 0x8001));
  b.Run(SimTime::Us(10));
  CHECK(b.nic.stats().umr_wqes == umr_wqes);
}

TEST_CASE("what the static parameters switch on is told as it is") {
  struct Bench : OffloadBench {
    using OffloadBench::OffloadBench;
    void OnContextParams(uint32_t, const ContextParams& params, SeqNum) override { told = params; }
    ContextParams told;
  };
  for (const bool crc : {false, true}) {
    Bench b({true, true, 0}, true, crc);
    b.StaticParams({true, true, 0}, true, crc, 0);
    b.Run(SimTime::Us(10));
    CHECK(b.told.verifies == crc);
    CHECK(b.told.places);
  }
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
