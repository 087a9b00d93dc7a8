#include "models/kernel/channel.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/kernel/cost_ledger.h"
#include "tests/unit/kernel/kernel_bench.h"

using namespace ddpsim;

namespace {

int64_t Units(KernelBench& b, Cost row) {
  return RowMillicycles(b.kernel.cpu().Ledger(), row) / 1000;
}

FramePtr AnyFrame(KernelBench& b) {
  return WriteSegment(b.frames, EthIpAddresses(), 1, TcpHeader(), {}, 0, 0);
}

}  // namespace

TEST_CASE("opening a channel fills the receive ring and arms its CQs") {
  KernelBench b;
  REQUIRE(b.nic.rqs.size() == 1);
  CHECK(b.nic.rqs.begin()->second.producer == 1024);
  for (const auto& [number, cq] : b.nic.cqs) CHECK(cq.armed);
}

TEST_CASE(
    "more than a budget of packets takes several polls, one interrupt and no time to re-arm in "
    "between") {
  KernelBench b;
  const FramePtr frame = AnyFrame(b);
  for (int i = 0; i < 200; ++i) b.nic.Receive(b.nic.rqs.begin()->first, frame->bytes());
  b.Run(b.now + SimTime::Ms(1));
  CHECK(b.kernel.device().TotalRx().packets == 200);
  CHECK(Units(b, Cost::kHardirq) == 1);
  CHECK(Units(b, Cost::kNapiPoll) == 4);
  CHECK(Units(b, Cost::kRxCqe128) == 200);
}

TEST_CASE("packets that arrive during a poll are taken by the same poll") {
  KernelBench b;
  const FramePtr frame = AnyFrame(b);
  b.nic.Receive(b.nic.rqs.begin()->first, frame->bytes());
  b.Run(b.now + SimTime::Ns(3));  // the poll has begun and charges
  b.nic.Receive(b.nic.rqs.begin()->first, frame->bytes());
  b.Run(b.now + SimTime::Ms(1));
  CHECK(b.kernel.device().TotalRx().packets == 2);
  CHECK(Units(b, Cost::kNapiPoll) == 1);
}

TEST_CASE("adaptive moderation tells the NIC its new limits after 64 interrupts") {
  const auto modifications = [](bool adaptive) {
    KernelConfig config = KernelBench::DefaultConfig();
    config.device.adaptive_rx = adaptive;
    KernelBench b(config);
    const FramePtr frame = AnyFrame(b);
    for (int i = 0; i < 70; ++i) {
      b.nic.Receive(b.nic.rqs.begin()->first, frame->bytes());
      b.Run(b.now + SimTime::Us(100));
    }
    // A softirq queues the work; the worker's command costs it a doorbell, beside the two with
    // which the channel's CQs were armed at first.
    const auto row = [&b](Cost cost, CpuContext context) {
      const CostLedger ledger = b.kernel.cpu().Ledger();
      return ledger.millicycles[static_cast<size_t>(cost)][static_cast<size_t>(context)] / 1000;
    };
    CHECK(row(Cost::kQueueWork, CpuContext::kSoftirq) == (adaptive ? 1 : 0));
    CHECK(row(Cost::kMmio, CpuContext::kKworker) == (adaptive ? 3 : 2));
    return std::count_if(b.nic.commands.begin(), b.nic.commands.end(), [](const auto& box) {
      return box.opcode == CommandOpcode::kModifyCq && box.modify_cq.moderation_usecs == 2;
    });
  };
  CHECK(modifications(true) == 1);
  CHECK(modifications(false) == 0);
}

TEST_CASE("the ring is refilled in bulks and wraps without end") {
  KernelBench b;
  const FramePtr frame = AnyFrame(b);
  for (int i = 0; i < 5000; ++i) {
    b.nic.Receive(b.nic.rqs.begin()->first, frame->bytes());
    b.Run(b.now + SimTime::Us(1));
  }
  CHECK(b.kernel.device().TotalRx().packets == 5000);
  CHECK(b.nic.rqs.begin()->second.producer >= 5000 + 1024 - 8);
}

TEST_CASE("frames that are not TCP are counted and dropped") {
  KernelBench b;
  const std::vector<uint8_t> arp(60, 0);
  b.nic.Receive(b.nic.rqs.begin()->first, arp);
  b.Run(b.now + SimTime::Us(100));
  CHECK(b.kernel.device().TotalRx().not_tcp == 1);
}

TEST_CASE("jumbo packets use whole pages and are accounted as such") {
  const RxBufferGeometry small(1500), jumbo(9000);
  CHECK(small.linear);
  CHECK(small.stride == 2048);
  CHECK(small.byte_count >= 1522);
  CHECK(small.Truesize(1514) == 2304);
  CHECK_FALSE(jumbo.linear);
  CHECK(jumbo.byte_count >= 9022);
  CHECK(jumbo.Truesize(9014) == 3 * 4096 + 1024);
}

TEST_CASE("each of several channels serves its core, and flows are steered there") {
  KernelConfig config = KernelBench::DefaultConfig();
  config.cpu.cores = 2;
  config.device.channels = 2;
  KernelBench b(config);
  b.kernel.Create(1);
  const CommandMailbox& rule = b.nic.commands.back();
  REQUIRE(rule.opcode == CommandOpcode::kSetFlowRule);
  CHECK(rule.flow_rule.source_port == 4420);
  const uint32_t second_rq = std::next(b.nic.rqs.begin())->first;
  b.nic.Receive(second_rq, AnyFrame(b)->bytes());
  b.Run(b.now + SimTime::Ms(1));
  CHECK(b.kernel.cpu().core(1).stats().hardirqs == 1);
  CHECK(b.kernel.cpu().core(0).stats().hardirqs == 0);
}
