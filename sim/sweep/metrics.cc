#include "sim/sweep/metrics.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sim/result/result_reference.h"

namespace ddpsim::sweep {
namespace {

using Json = nlohmann::ordered_json;

// "/io/..." stands for /read or /write, whichever the run has I/Os of.
const std::vector<Metric>& StandardMetrics() {
  static const auto& metrics = *new std::vector<Metric>{
      {"iops", "1/s", "I/Os per second of simulated time", "/io/iops"},
      {"bw_bytes", "byte/s", "bandwidth", "/io/bw_bytes"},
      {"clat_mean", "ns", "completion latency, mean", "/io/clat_ns/mean"},
      {"clat_p50", "ns", "completion latency, median", "/io/clat_ns/percentile/50.000000"},
      {"clat_p99", "ns", "completion latency, 99th percentile", "/io/clat_ns/percentile/99.000000"},
      {"io_errors", "I/Os", "I/Os that failed for good", "/io/errors"},
      {"cpu_utilization", "", "busy share of all modelled cores", "/cpu/utilization"},
      {"cycles_per_io", "cycles", "busy cycles per I/O", "/cpu/cycles_per_io"},
      {"cycles_per_byte", "cycles", "busy cycles per byte", "/cpu/cycles_per_byte"},
      {"cycles_saved", "%", "cycles per I/O saved, against the baseline mode",
       "/cycles_per_io_saved_percent", true},
      {"throughput_ratio", "", "throughput, over that of the baseline", "/throughput_ratio", true},
      {"latency_p50_ratio", "", "median latency, over that of the baseline", "/latency_p50_ratio",
       true},
      {"latency_p99_ratio", "", "99th percentile of latency, over that of the baseline",
       "/latency_p99_ratio", true},
      {"placed_fraction", "", "payload placed by the NIC", "/offload/placed_fraction"},
      {"crc_offloaded_fraction", "", "PDUs whose digest the NIC verified",
       "/offload/crc_offloaded_fraction"},
      {"packets", "packets", "frames with payload that the NIC accepted", "/offload/packets"},
      {"offloaded_packets", "packets", "of which with a placement", "/offload/offloaded_packets"},
      {"resync_requests", "", "candidate headers that the NIC reported",
       "/offload/resync/requests"},
      {"resync_responses", "", "of which the host confirmed", "/offload/resync/responses"},
      {"resync_false_matches", "", "of which were no PDU header", "/offload/resync/false_matches"},
      {"unoffloaded_bytes", "byte", "payload that passed while the NIC searched or tracked",
       "/offload/resync/unoffloaded_bytes"},
      {"c2h_dropped", "packets", "frames to the host that did not arrive", "/wire/c2h/dropped",
       false, true},
      {"c2h_retransmits", "segments", "segments that the target sent again",
       "/tcp/c2h/retransmits"},
      {"c2h_timeouts", "", "retransmission timeouts of the target", "/tcp/c2h/timeouts"},
  };
  return metrics;
}

// The unit that the result's own description gives.
std::string UnitOf(const std::string& pointer) {
  const ResultPointer* known = FindResultPointer(pointer);
  return known == nullptr ? "" : known->unit;
}

std::string Direction(const Json& run) {
  const auto pointer = Json::json_pointer("/read/total_ios");
  return run.contains(pointer) && run[pointer].get<int64_t>() > 0 ? "/read" : "/write";
}

}  // namespace

std::vector<Metric> MetricsOf(const Sweep& sweep) {
  std::vector<Metric> metrics = StandardMetrics();
  for (const std::string& pointer : sweep.extra_metrics)
    metrics.push_back({pointer, UnitOf(pointer), "figure of the result", pointer, false, false});
  return metrics;
}

bool IsText(const Metric& metric) {
  const ResultPointer* known = metric.comparison ? nullptr : FindResultPointer(metric.pointer);
  return known != nullptr && known->text;
}

std::optional<double> MetricValue(const Metric& metric, const Json& run, const Json& row) {
  std::string text = metric.pointer;
  if (absl::StartsWith(text, "/io/")) text = absl::StrCat(Direction(run), text.substr(3));
  const auto pointer = Json::json_pointer(text);
  const Json& from = metric.comparison ? row : run;
  if (!from.is_object() || !from.contains(pointer)) return std::nullopt;
  const Json& found = from[pointer];
  if (metric.sum) {
    double sum = 0;
    for (const auto& [name, count] : found.items()) sum += count.get<double>();
    return sum;
  }
  if (found.is_boolean()) return found.get<bool>() ? 1 : 0;
  if (!found.is_number()) return std::nullopt;
  return found.get<double>();
}

const Json& FindRun(const Json& list, const RunKey& key) {
  static const Json& none = *new Json();
  for (const Json& one : list) {
    if (one.value("mode", "") == key.mode && one.value("variant", "") == key.variant) return one;
  }
  return none;
}

}  // namespace ddpsim::sweep
