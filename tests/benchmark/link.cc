// One direction of the link at its full rate: full-sized frames, one look at the timer for each.
#include "models/link/link.h"

#include "tests/benchmark/per_packet.h"
#include "tests/unit/link/frame_builder.h"

namespace ddpsim {
namespace {

constexpr uint32_t kPayload = 1446;
constexpr SimTime kFrameTime = SerializationTime(1500 + kWireOverheadBytes, 100);

void SendAll(benchmark::State& state, const LinkFaults& faults) {
  FramePool pool;
  FrameBuilder build(&pool);
  const FramePtr frame = build.Data(1, kPayload);
  Link link(LinkQueueConfig{}, faults, LinkDirection::kC2H, 1, &pool, nullptr);
  link.EnableFaults();
  LinkOutput out;
  SimTime now;
  int64_t sent = 0;
  for (auto _ : state) {
    // Every 44th frame ends a 64 KiB TSO burst and asks for its completion.
    ++sent;
    link.Send(frame, now, 0, sent % 44 == 0 ? static_cast<uint64_t>(sent) : 0, now);
    now += kFrameTime;
    if (link.NextDeadline() > now) continue;
    link.OnTimer(now, &out);
    benchmark::DoNotOptimize(out.arrived.data());
    out.Clear();
  }
  ReportPerPacket(state, sent);
}

void LinkPerfect(benchmark::State& state) { SendAll(state, LinkFaults{}); }
BENCHMARK(LinkPerfect);

void LinkBernoulliLoss(benchmark::State& state) {
  LinkFaults faults;
  faults.loss.kind = LossKind::kBernoulli;
  faults.loss.probability = 0.001;
  SendAll(state, faults);
}
BENCHMARK(LinkBernoulliLoss);

void LinkListedLoss(benchmark::State& state) {
  LinkFaults faults;
  faults.loss.kind = LossKind::kList;
  faults.loss.packets = {1000};
  SendAll(state, faults);
}
BENCHMARK(LinkListedLoss);

}  // namespace
}  // namespace ddpsim
