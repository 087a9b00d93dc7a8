// The NIC's receive path, doorbells and interrupts included, on a bus that only copies: without the
// offload, with placement of 64 KiB C2HData PDUs, and with placement and data digests.
#include <vector>

#include "tests/benchmark/per_packet.h"
#include "tests/unit/nic/offload_bench.h"

namespace ddpsim {
namespace {

constexpr uint32_t kMss = 1448;
constexpr uint32_t kCommandBytes = 64 << 10;
constexpr uint32_t kCommands = 8;
constexpr uint32_t kPoll = 32;  // frames between the driver's polls

// The driver's poll: takes the CQEs, gives the buffers back, arms the queue.
void Poll(NicBench* bench, uint32_t frames) {
  bench->Doorbell(DoorbellKind::kCqArm, bench->rx_cqn, frames);
  bench->PostRx(kPoll);
  bench->bus.ops.clear();
  bench->bus.interrupts.clear();
}

void NicPlain(benchmark::State& state) {
  NicBench bench;
  bench.nic.set_observer(nullptr);
  bench.UseRss();
  bench.PostRx(2 * kPoll);
  const FramePtr frame = bench.MakeFrame(SeqNum(kSeq), std::vector<uint8_t>(kMss));
  uint32_t frames = 0;
  for (auto _ : state) {
    bench.Receive(frame);
    bench.now += SimTime::Ns(123);
    if (++frames % kPoll == 0) Poll(&bench, frames);
  }
  ReportPerPacket(state, frames);
}
BENCHMARK(NicPlain);

void Offloaded(benchmark::State& state, bool crc) {
  OffloadBench bench({false, crc, 0}, true, crc);
  bench.nic.set_observer(nullptr);
  for (uint32_t ccid = 0; ccid < kCommands; ++ccid) {
    bench.Map(ccid, kCommandBytes);
    bench.stream.C2HData(static_cast<uint16_t>(ccid), 0, kCommandBytes);
  }
  std::vector<FramePtr> stream;
  for (uint32_t at = 0; at < bench.stream.size(); at += kMss) {
    const uint32_t size = std::min(kMss, bench.stream.size() - at);
    stream.push_back(bench.MakeFrame(SeqNum(kSeq) + at, bench.stream.Slice(at, size)));
  }
  uint32_t frames = 0;
  uint32_t starts = 1;
  for (auto _ : state) {
    for (const FramePtr& frame : stream) {
      bench.Receive(frame);
      bench.now += SimTime::Ns(123);
      if (++frames % kPoll == 0) Poll(&bench, frames);
    }
    bench.Start();
    bench.Doorbell(DoorbellKind::kCqConsumer, bench.ico_cqn, ++starts);
  }
  SIM_CHECK(bench.nic.stats().placed_packets * 10 > int64_t{frames} * 9, "placement failed");
  ReportPerPacket(state, frames);
}
BENCHMARK_CAPTURE(Offloaded, placement, false);
BENCHMARK_CAPTURE(Offloaded, placement_and_crc, true);

}  // namespace
}  // namespace ddpsim
