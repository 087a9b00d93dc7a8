#include "sim/scenario/scenario_rules.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "sim/text/byte_size.h"
#include "sim/text/nearest_name.h"

namespace ddpsim {
namespace {

using settings::CorruptField;
using settings::FaultConfig;
using settings::HostConfig;
using settings::LatencyDistribution;
using settings::LossConfig;
using settings::LossModelKind;
using settings::LossRange;
using settings::NvmeConfig;
using settings::PduField;
using settings::TargetConfig;
using settings::TargetKind;
using settings::WorkloadConfig;

// Every byte in flight is really held in memory, by the job's buffer and once more by the target or
// on the way: with that, a run stays below 4 GiB.
constexpr int64_t kMaxBuffers = int64_t{3} << 29;
constexpr int64_t kPage = 4096;
constexpr int64_t kDataPduHeader = 24;  // NVMe/TCP 1.0, C2HData and H2CData: HLEN 18h
constexpr int64_t kDigest = 4;          // CRC32C

void CheckWorkload(const WorkloadConfig& w, ReadContext& context) {
  if (w.bs % 512 != 0) {
    context.Fail("/workload/bs",
                 absl::StrCat(w.bs, " is not a multiple of 512; accepted: whole blocks, nearest: ",
                              std::max<int64_t>(512, w.bs / 512 * 512)));
  }
  if (w.size < w.bs) {
    context.Fail("/workload/size", absl::StrCat(FormatByteSize(w.size), " holds no I/O of bs ",
                                                FormatByteSize(w.bs), "; accepted: bs or more"));
  }
  if (w.total_ios == 0 && w.runtime_ms == 0) {
    context.Fail("/workload/total_ios",
                 "total_ios and runtime_ms are both 0; accepted: at least one above 0");
  }
  // A buffer is whole pages with a guard page behind it.
  const int64_t buffer = (w.bs + kPage - 1) / kPage * kPage + kPage;
  if (w.numjobs * w.iodepth > kMaxBuffers / buffer) {
    context.Fail("/workload",
                 absl::StrCat("numjobs x iodepth is ", w.numjobs * w.iodepth,
                              " I/Os in flight; accepted with this bs: ", kMaxBuffers / buffer,
                              ", ", FormatByteSize(kMaxBuffers), " of buffers with guard pages"));
  }
}

void CheckAscending(const std::vector<int64_t>& list, const std::string& pointer,
                    ReadContext& context) {
  for (size_t i = 1; i < list.size(); ++i) {
    if (list[i] > list[i - 1]) continue;
    context.Fail(absl::StrCat(pointer, "/", i),
                 absl::StrCat(list[i], " follows ", list[i - 1],
                              "; accepted: ascending packet numbers, each once"));
    return;
  }
}

void CheckLossRanges(const LossConfig& loss, const std::string& pointer, int64_t queues,
                     ReadContext& context) {
  for (size_t i = 0; i < loss.ranges.size(); ++i) {
    const LossRange& range = loss.ranges[i];
    const std::string at = absl::StrCat(pointer, "/ranges/", i);
    if (range.to <= range.from) {
      context.Fail(
          at + "/to",
          absl::StrCat(range.to, " is not above from; accepted: ", range.from + 1, " or more"));
    }
    if (range.connection > queues) {
      context.Fail(at + "/connection", absl::StrCat("there is no I/O queue ", range.connection,
                                                    "; accepted: 1..", queues));
    }
  }
}

void CheckLoss(const LossConfig& loss, const std::string& pointer, const NvmeConfig& nvme,
               ReadContext& context) {
  if (loss.model == LossModelKind::kList) {
    CheckAscending(loss.packets, pointer + "/packets", context);
  }
  if (loss.model == LossModelKind::kRanges) CheckLossRanges(loss, pointer, nvme.queues, context);
  if (loss.model != LossModelKind::kPdu) return;
  if (loss.field == PduField::kDigest && !nvme.data_digest) {
    context.Fail(
        pointer + "/field",
        "there is no digest to lose: host.nvme.data_digest is false; accepted: header, data");
  }
  const int64_t header = kDataPduHeader + (nvme.header_digest ? kDigest : 0);
  const int64_t length = loss.field == PduField::kHeader   ? header
                         : loss.field == PduField::kDigest ? kDigest
                                                           : INT64_MAX;
  if (loss.offset >= length) {
    context.Fail(
        pointer + "/offset",
        absl::StrCat(loss.offset, " is behind the field's end; accepted: 0..", length - 1));
  }
}

void CheckScript(const settings::ScriptConfig& script, const std::string& pointer, int64_t queues,
                 int64_t mtu, ReadContext& context) {
  constexpr int64_t kHeaders = 20 + 60;            // IPv4, TCP with all its options
  constexpr int64_t kMaxSpan = int64_t{16} << 20;  // the box keeps the bytes
  if (script.segments.empty()) return;
  if (script.connection > queues) {
    context.Fail(pointer + "/connection", absl::StrCat("there is no I/O queue ", script.connection,
                                                       "; accepted: 1..", queues));
  }
  for (size_t i = 0; i < script.segments.size(); ++i) {
    const int64_t size = script.segments[i].to - script.segments[i].from;
    if (size >= 1 && size <= mtu - kHeaders) continue;
    context.Fail(absl::StrCat(pointer, "/segments/", i, "/to"),
                 absl::StrCat("a segment of ", size, " bytes; accepted: 1..", mtu - kHeaders,
                              " bytes with this MTU"));
  }
  const auto [first, last] =
      std::minmax_element(script.segments.begin(), script.segments.end(),
                          [](const auto& a, const auto& b) { return a.from < b.from; });
  if (last->from - first->from > kMaxSpan) {
    context.Fail(pointer + "/segments",
                 absl::StrCat("segments lie more than ", FormatByteSize(kMaxSpan), " apart"));
  }
}

void CheckFaults(const FaultConfig& faults, const std::string& pointer, const NvmeConfig& nvme,
                 int64_t mtu, ReadContext& context) {
  CheckScript(faults.script, pointer + "/script", nvme.queues, mtu, context);
  CheckLoss(faults.loss, pointer + "/loss", nvme, context);
  CheckAscending(faults.reorder.list, pointer + "/reorder/list", context);
  CheckAscending(faults.duplicate.list, pointer + "/duplicate/list", context);
  CheckAscending(faults.corrupt.list, pointer + "/corrupt/list", context);
  if ((faults.reorder.probability > 0 || !faults.reorder.list.empty()) &&
      faults.reorder.delay_us <= 0) {
    context.Fail(pointer + "/reorder/delay_us", "0 reorders nothing; accepted: above 0");
  }
  const bool corrupts = faults.corrupt.probability > 0 || !faults.corrupt.list.empty();
  if (corrupts && faults.corrupt.field == CorruptField::kDigest && !nvme.data_digest) {
    context.Fail(pointer + "/corrupt/field",
                 "there is no digest to corrupt: host.nvme.data_digest is false");
  }
}

void CheckNic(const settings::NicConfig& nic, ReadContext& context) {
  const int64_t ring = nic.rx_ring;
  if ((ring & (ring - 1)) != 0) {
    int64_t above = 1;
    while (above < ring) above *= 2;
    context.Fail("/host/nic/rx_ring",
                 absl::StrCat(ring, " is not a power of two; accepted: powers of two, nearest: ",
                              ring - above / 2 < above - ring ? above / 2 : above));
  }
  if (nic.xon_percent >= nic.xoff_percent) {
    context.Fail("/host/nic/xon_percent",
                 absl::StrCat(nic.xon_percent, " is not below xoff_percent; accepted: 0..",
                              nic.xoff_percent - 1));
  }
}

// What all receive rings may hold: each of their buffers is written sooner or later.
constexpr int64_t kMaxRings = int64_t{1} << 30;

void CheckRings(const HostConfig& host, int64_t mtu, ReadContext& context) {
  // mlx5's buffers (models/kernel/rx_buffer_pool.h): half a page if frame, headroom and shared info
  // fit, else whole pages.
  constexpr int64_t kEthernet = 14 + 4 + 4;  // with VLAN tag and FCS
  constexpr int64_t kAround = 64 + 320;
  const int64_t frame = mtu + kEthernet;
  const int64_t buffer =
      frame + kAround <= kPage / 2 ? kPage / 2 : (frame + kPage - 1) / kPage * kPage;
  const int64_t rings = std::max<int64_t>(1, host.cpu.cores);
  if (rings * host.nic.rx_ring <= kMaxRings / buffer) return;
  context.Fail("/host/nic/rx_ring",
               absl::StrCat(rings, " cores with a ring each of ", host.nic.rx_ring,
                            " buffers; accepted with this MTU: ", kMaxRings / buffer / rings,
                            " entries or less, ", FormatByteSize(kMaxRings), " in all"));
}

void CheckHost(const HostConfig& host, int64_t mtu, const std::vector<std::string>& profiles,
               ReadContext& context) {
  const std::string& profile = host.cpu.profile;
  if (!profiles.empty() && std::find(profiles.begin(), profiles.end(), profile) == profiles.end()) {
    context.Fail("/host/cpu/profile",
                 "\"" + profile + "\" is unknown" + AcceptedNames(profile, profiles));
  }
  CheckNic(host.nic, context);
  CheckRings(host, mtu, context);
}

void CheckTarget(const TargetConfig& target, ReadContext& context) {
  if (target.latency_us.distribution == LatencyDistribution::kUniform &&
      target.latency_us.max < target.latency_us.min) {
    context.Fail("/target/latency_us/max",
                 absl::StrCat(target.latency_us.max,
                              " is below min; accepted: ", target.latency_us.min, " or more"));
  }
  if (target.latency_us.distribution == LatencyDistribution::kLognormal &&
      target.latency_us.mean <= 0) {
    context.Fail("/target/latency_us/mean", "0 has no logarithm; accepted: above 0");
  }
  // PDUs but the last carry whole dwords (NVMe/TCP 1.0, MAXH2CDATA and the data PDUs' DATAO rules).
  if (target.c2h_chunk % 4 != 0)
    context.Fail("/target/c2h_chunk", "not a multiple of 4; accepted: multiples of 4");
  if (target.maxh2cdata % 4 != 0)
    context.Fail("/target/maxh2cdata", "not a multiple of 4; accepted: multiples of 4");
  // MDTS is a power of two of pages (NVMe base specification, Identify Controller).
  const int64_t pages = target.mdts / 4096;
  if (target.mdts != 0 && (target.mdts % 4096 != 0 || (pages & (pages - 1)) != 0)) {
    context.Fail("/target/mdts",
                 "not a power of two of 4 KiB pages; accepted: 0, 4k, 8k, 16k, ...");
  }
}

}  // namespace

void ResolveDefaults(Scenario& scenario, const ReadContext& given) {
  WorkloadConfig& w = scenario.workload;
  if (w.runtime_ms > 0 && !given.Given("/workload/total_ios")) w.total_ios = 0;
  TargetConfig& target = scenario.target;
  if (target.kind == TargetKind::kSpdk) {
    // SPDK v20.10 nvmf TCP defaults: in_capsule_data_size 4096, max_io_size 131072.
    if (!given.Given("/target/in_capsule_data")) target.in_capsule_data = 4 << 10;
    if (!given.Given("/target/maxh2cdata")) target.maxh2cdata = 128 << 10;
    if (!given.Given("/target/mdts")) target.mdts = 128 << 10;
  }
}

void CheckScenario(const Scenario& scenario, const std::vector<std::string>& profiles,
                   ReadContext& context) {
  CheckWorkload(scenario.workload, context);
  CheckFaults(scenario.network.c2h, "/network/c2h", scenario.host.nvme, scenario.network.mtu,
              context);
  CheckFaults(scenario.network.h2c, "/network/h2c", scenario.host.nvme, scenario.network.mtu,
              context);
  CheckHost(scenario.host, scenario.network.mtu, profiles, context);
  CheckTarget(scenario.target, context);
}

}  // namespace ddpsim
