// What fio would be told: the load on the host, in fio's words (fio(1): rw, bs, iodepth, numjobs,
// size). Left out: mixed reads and writes, rate limits, think time. Invariant: after loading,
// total_ios or runtime_ms is above 0; if both are, the first to be reached ends the run.
#ifndef DDPSIM_SIM_SCENARIO_WORKLOAD_CONFIG_H_
#define DDPSIM_SIM_SCENARIO_WORKLOAD_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/fields.h"

namespace ddpsim::settings {

enum class ReadWrite { kRandRead, kRead, kRandWrite, kWrite };
inline constexpr EnumName<ReadWrite> kReadWriteNames[] = {{ReadWrite::kRandRead, "randread"},
                                                          {ReadWrite::kRead, "read"},
                                                          {ReadWrite::kRandWrite, "randwrite"},
                                                          {ReadWrite::kWrite, "write"}};

enum class Content { kPattern, kFakeHeaders, kRandom, kZero };
inline constexpr EnumName<Content> kContentNames[] = {{Content::kPattern, "pattern"},
                                                      {Content::kFakeHeaders, "fake_headers"},
                                                      {Content::kRandom, "random"},
                                                      {Content::kZero, "zero"}};

struct WorkloadConfig {
  ReadWrite rw = ReadWrite::kRandRead;
  int64_t bs = 64 << 10;
  int64_t iodepth = 32;
  int64_t numjobs = 1;
  int64_t size = int64_t{1} << 30;
  int64_t total_ios = 10'000;
  int64_t runtime_ms = 0;
  int64_t ramp_ios = 0;
  Content content = Content::kPattern;

  template <class V>
  void Describe(V& v) {
    v.Enum("rw", rw, kReadWriteNames, "access pattern");
    v.Bytes("bs", bs, {512, 16 << 20}, "bytes per I/O, a multiple of 512");
    v.Integer("iodepth", iodepth, {1, 65'536}, "I/Os",
              "I/Os in flight per job; what exceeds the queue's size waits for a tag");
    v.Integer("numjobs", numjobs, {1, 4'096}, "jobs", "jobs; job k uses queue k mod queues");
    v.Bytes("size", size, {512, int64_t{1} << 44},
            "region of the namespace that is accessed, from its start");
    v.Integer("total_ios", total_ios, {0, 1'000'000'000'000}, "I/Os",
              "I/Os counted, over all jobs; 0: runtime_ms alone ends the run (the default if "
              "runtime_ms is above 0)");
    v.Integer("runtime_ms", runtime_ms, {0, 86'400'000}, "ms",
              "simulated time of the measured window; 0: total_ios alone ends the run");
    v.Integer("ramp_ios", ramp_ios, {0, 1'000'000'000'000}, "I/Os",
              "I/Os run before the counted ones");
    v.Enum("content", content, kContentNames,
           "what the disk holds: words that name their own place, valid-looking chained C2HData "
           "headers, noise, zeroes");
  }
};

}  // namespace ddpsim::settings

#endif  // DDPSIM_SIM_SCENARIO_WORKLOAD_CONFIG_H_
