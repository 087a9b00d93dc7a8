// How every benchmark reports: the host's time per simulated packet, whatever an iteration is.
#ifndef DDPSIM_TESTS_BENCHMARK_PER_PACKET_H_
#define DDPSIM_TESTS_BENCHMARK_PER_PACKET_H_

#include <benchmark/benchmark.h>

#include <cstdint>

namespace ddpsim {

inline void ReportPerPacket(benchmark::State& state, int64_t packets) {
  state.counters["s/packet"] = benchmark::Counter(
      static_cast<double>(packets), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_BENCHMARK_PER_PACKET_H_
