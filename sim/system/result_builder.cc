#include "sim/system/result_builder.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "models/kernel/cost_ledger.h"
#include "sim/system/defect_findings.h"
#include "sim/system/end_checks.h"
#include "sim/system/host_figures.h"
#include "sim/system/tcp_result_builder.h"

namespace ddpsim {
namespace {

double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

LatencyResult FromHistogram(const LatencyHistogram& histogram) {
  LatencyResult to = LatencyResult::Of({});
  to.samples = histogram.count();
  if (to.samples == 0) return to;
  to.min = histogram.min();
  to.max = histogram.max();
  to.mean = histogram.mean();
  to.stddev = histogram.stddev();
  for (double percentile : kPercentiles) {
    to.percentile[PercentileKey(percentile)] = histogram.Percentile(std::lround(percentile * 1000));
  }
  return to;
}

IoResult IoOf(System* system, SimTime window) {
  const LoadStats& load = system->nvme().result();
  IoResult to;
  to.total_ios = static_cast<int64_t>(load.ios);
  to.io_bytes = static_cast<int64_t>(load.bytes);
  to.bw_bytes = std::llround(Ratio(static_cast<double>(load.bytes), window.seconds()));
  to.iops = Ratio(static_cast<double>(load.ios), window.seconds());
  to.errors = static_cast<int64_t>(load.errors);
  to.retries =
      static_cast<int64_t>(system->window().end.io.retries - system->window().start.io.retries);
  to.clat_ns = FromHistogram(load.clat);
  return to;
}

CpuResult CpuOf(System* system, const RunResult& run, SimTime window_time) {
  const Window& window = system->window();
  const CostTable& costs = system->config().costs;
  CpuResult to;
  to.frequency_hz = costs.frequency_hz;
  to.cores = system->config().kernel.cpu.cores;
  to.SetBreakdown(SymbolsOf(LedgerSince(window.end.ledger, window.start.ledger)));
  const double busy = (window.end.busy - window.start.busy).seconds();
  to.utilization = Ratio(busy, window_time.seconds() * static_cast<double>(to.cores));
  to.cycles_per_io =
      Ratio(static_cast<double>(to.busy_cycles), static_cast<double>(run.total_ios()));
  to.cycles_per_byte =
      Ratio(static_cast<double>(to.busy_cycles), static_cast<double>(run.io_bytes()));
  return to;
}

ResyncResult ResyncOf(System* system) {
  const ResyncLedger& ledger = system->recorder().resync();
  ResyncResult to;
  to.requests = static_cast<int64_t>(ledger.requests());
  to.responses = static_cast<int64_t>(ledger.responses());
  const LivenessLaw& liveness = system->recorder().laws().liveness;
  to.open_outages = static_cast<int64_t>(liveness.open());
  to.longest_outage_bytes = static_cast<int64_t>(liveness.longest());
  to.false_matches = static_cast<int64_t>(ledger.false_matches());
  to.latency_ns = LatencyResult::Of(ledger.latencies_ns());
  to.unoffloaded_bytes =
      static_cast<int64_t>(system->recorder().placement().unoffloaded_by_resync());
  return to;
}

OffloadResult OffloadOf(System* system) {
  const PlacementLedger& ledger = system->recorder().placement();
  HostQueueStats io = system->window().end.io;
  io -= system->window().start.io;
  OffloadResult to;
  to.payload_bytes = static_cast<int64_t>(ledger.payload_bytes());
  to.placed_bytes = static_cast<int64_t>(ledger.placed_bytes());
  to.placed_fraction =
      Ratio(static_cast<double>(to.placed_bytes), static_cast<double>(to.payload_bytes));
  for (const auto& [reason, bytes] : ledger.NotPlaced())
    to.not_placed[reason] = static_cast<int64_t>(bytes);
  to.packets = static_cast<int64_t>(ledger.packets());
  to.offloaded_packets = static_cast<int64_t>(ledger.offloaded_packets());
  to.pdus = static_cast<int64_t>(io.c2h_data_ended);
  to.pdus_crc_offloaded = static_cast<int64_t>(io.digests_by_nic);
  to.pdus_crc_software = static_cast<int64_t>(io.digests_by_software);
  to.crc_offloaded_fraction =
      Ratio(static_cast<double>(io.digests_by_nic), static_cast<double>(io.c2h_data_ended));
  to.false_crc_ok = static_cast<int64_t>(system->recorder().laws().digest.false_crc_ok());
  const auto intervals = ledger.Intervals();
  to.intervals.assign(intervals.begin(), intervals.end());
  to.resync = ResyncOf(system);
  return to;
}

struct CounterCollector {
  NamedCounts* counts;
  void Counter(const char* name, const int64_t& value, const char*) { (*counts)[name] = value; }
};

NamedCounts HostCounts(System* system) {
  NamedCounts counts;
  for (uint32_t i = 0; i < system->kernel().cpu().cores(); ++i) {
    const CpuStats& stats = system->kernel().cpu().core(i).stats();
    counts["hardirqs"] += static_cast<int64_t>(stats.hardirqs);
    counts["softirq_runs"] += static_cast<int64_t>(stats.softirq_runs);
    counts["time_squeezes"] += static_cast<int64_t>(stats.time_squeezes);
    counts["ksoftirqd_wakeups"] += static_cast<int64_t>(stats.ksoftirqd_wakeups);
    counts["context_switches"] += static_cast<int64_t>(stats.context_switches);
  }
  counts["icosq_full"] = static_cast<int64_t>(system->kernel().ulp_ddp_stats().icosq_full);
  return counts;
}

WireDirectionResult WireOf(const Link& link) {
  const LinkStats& stats = link.stats();
  WireDirectionResult to;
  to.packets = stats.packets;
  to.bytes = stats.bytes;
  for (int i = 1; i < kLinkDropReasons; ++i) {
    if (stats.dropped[i] != 0)
      to.dropped[LinkDropReasonName(static_cast<LinkDropReason>(i))] = stats.dropped[i];
  }
  to.reordered = stats.reordered;
  to.duplicated = stats.duplicated;
  to.corrupted = stats.corrupted;
  return to;
}

NamedCounts RefusedBy(const TargetStats& target) {
  NamedCounts counts;
  for (size_t i = 0; i < target.refused.size(); ++i)
    counts[RefusalName(static_cast<Refusal>(i))] = target.refused[i];
  return counts;
}

void TellRefusals(Controller* controller, const HostQueueStats& stats, ProtocolResult* to) {
  for (size_t i = 1; i < kHostRefusalKinds; ++i) {
    const auto count = static_cast<int64_t>(stats.refusals[i]);
    if (count > 0) to->host_refused[HostRefusalName(static_cast<HostRefusalKind>(i))] = count;
  }
  to->last_host_refusal = HostRefusalText(controller->last_refusal());
}

ProtocolResult ProtocolOf(System* system) {
  HostQueueStats all = system->nvme().IoStats();
  all += system->nvme().controller().admin_queue().stats();
  ProtocolResult to;
  to.pdus = {{"ICReq", static_cast<int64_t>(all.ic_reqs)},
             {"ICResp", static_cast<int64_t>(all.ic_resps)},
             {"CapsuleCmd", static_cast<int64_t>(all.capsule_cmds)},
             {"CapsuleResp", static_cast<int64_t>(all.capsule_resps)},
             {"C2HData", static_cast<int64_t>(all.c2h_data)},
             {"H2CData", static_cast<int64_t>(all.h2c_data)},
             {"R2T", static_cast<int64_t>(all.r2ts)},
             {"C2HTermReq", static_cast<int64_t>(all.term_reqs)},
             {"H2CTermReq", 0}};
  to.header_digests = {static_cast<int64_t>(all.header_digests - all.header_digests_bad),
                       static_cast<int64_t>(all.header_digests_bad)};
  to.data_digests = {
      static_cast<int64_t>(all.digests_by_nic + all.digests_by_software - all.digests_bad),
      static_cast<int64_t>(all.digests_bad)};
  to.transfer_errors = static_cast<int64_t>(all.digests_bad);
  to.refused = RefusedBy(system->target().stats());
  to.reconnects = static_cast<int64_t>(system->nvme().controller().error_recoveries());
  TellRefusals(&system->nvme().controller(), all, &to);
  return to;
}

VerificationResult VerificationOf(System* system, bool complete) {
  Laws& laws = system->recorder().laws();
  VerificationResult to;
  to.bytes_checked = static_cast<int64_t>(laws.bytes_checked());
  to.corrupt_delivered = static_cast<int64_t>(laws.wrong_bytes());
  to.stale_stored = static_cast<int64_t>(laws.storage.stale_bytes());
  for (const Law* law : laws.All()) {
    to.checks[law->name()] = static_cast<int64_t>(law->checks());
    to.violations_total += static_cast<int64_t>(law->violation_count());
    for (size_t i = 0; i < law->violations().size(); ++i) {
      const char* defect = law->defects()[i];
      to.violations.push_back({law->name(), law->violations()[i], defect == nullptr ? "" : defect});
    }
    // A run that was cut short need not have come to where each law looks.
    if (complete && law->checks() == 0) to.Add({law->name(), "checked nothing", ""});
  }
  if (to.bytes_checked == 0) {
    const char* defect = NothingMovedBy(system);
    to.Add({laws.delivery.name(), "no byte was compared", defect == nullptr ? "" : defect});
  }
  to.defects = FindingsOf(laws.defects);
  to.verdict = laws.Pass() ? "pass" : "fail";
  return to;
}

}  // namespace

RunResult BuildResult(System* system, RunEnd end) {
  CloseLaws(system, end);
  RunResult run;
  run.sim_time_ns = system->now().ns();
  // A window that never opened counts nothing.
  const Window& window = system->window();
  const SimTime time = window.closed ? window.end.at - window.start.at : SimTime::Zero();
  run.window_ns = time.ns();
  run.read.clat_ns = run.write.clat_ns = LatencyResult::Of({});
  if (system->started_load())
    (system->config().load.write ? run.write : run.read) = IoOf(system, time);
  run.cpu = CpuOf(system, run, time);
  run.offload = OffloadOf(system);
  run.protocol = ProtocolOf(system);
  run.counters = DriverCounters(system->kernel().ulp_ddp_stats());
  CounterCollector collector{&run.nic};
  system->nic().stats().Describe(collector);
  run.host = HostCounts(system);
  run.tcp = TcpOf(system);
  run.wire.c2h = WireOf(system->c2h());
  run.wire.h2c = WireOf(system->h2c());
  const int64_t no_wqe = system->nic().stats().rx_out_of_buffer;
  if (no_wqe != 0) run.wire.c2h.dropped["ring"] = no_wqe;
  run.verification = VerificationOf(system, IsComplete(end));
  run.fingerprint = absl::StrFormat("%016x", system->recorder().fingerprint());
  return run;
}

}  // namespace ddpsim
