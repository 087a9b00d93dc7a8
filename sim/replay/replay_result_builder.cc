#include "sim/replay/replay_result_builder.h"

#include <algorithm>
#include <utility>

#include "models/kernel/cost_ledger.h"
#include "sim/system/defect_findings.h"
#include "sim/system/host_figures.h"

namespace ddpsim {
namespace {

int64_t Signed(uint64_t value) { return static_cast<int64_t>(value); }
double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

// What ran ahead of everything else in the recorded host's stead (ReplayConnection::CoreItem) is no
// interrupt: queue_rq runs in the submitter's context.
CostLedger WithoutCoreItems(CostLedger ledger) {
  constexpr auto kFrom = static_cast<size_t>(CpuContext::kHardirq);
  constexpr auto kTo = static_cast<size_t>(CpuContext::kUser);
  for (Cost row : {Cost::kQueueRq, Cost::kDdpSetup, Cost::kDdpMapSg, Cost::kDdpUnmapSg,
                   Cost::kDdpPostWqebb, Cost::kMmio, Cost::kRequestComplete, Cost::kQueueWork}) {
    auto& cells = ledger.millicycles[static_cast<size_t>(row)];
    cells[kTo] += std::exchange(cells[kFrom], 0);
  }
  return ledger;
}

// The connection's part of its core's ledger, by its share of the core's packets.
CostLedger ShareOf(CostLedger ledger, int64_t packets, int64_t all) {
  if (all <= packets || all == 0) return ledger;
  for (auto& row : ledger.millicycles) {
    for (int64_t& cell : row)
      cell = static_cast<int64_t>(static_cast<__int128>(cell) * packets / all);
  }
  return ledger;
}

CpuResult CpuOf(const ReplaySystem& system, const CostLedger& ledger, int64_t cores, int64_t ios,
                int64_t bytes, SimTime time) {
  CpuResult to;
  to.frequency_hz = system.config().costs.frequency_hz;
  to.cores = cores;
  to.SetBreakdown(SymbolsOf(WithoutCoreItems(ledger)));
  const auto busy = static_cast<double>(to.busy_cycles);
  to.utilization = Ratio(busy / static_cast<double>(to.frequency_hz),
                         time.seconds() * static_cast<double>(cores));
  to.cycles_per_io = Ratio(busy, static_cast<double>(ios));
  to.cycles_per_byte = Ratio(busy, static_cast<double>(bytes));
  return to;
}

OffloadResult OffloadOf(ReplayRecorder::PerConnection& from, const HostQueueStats& stats) {
  OffloadResult to;
  to.payload_bytes = Signed(from.placement.payload_bytes());
  to.placed_bytes = Signed(from.placement.placed_bytes());
  to.placed_fraction =
      Ratio(static_cast<double>(to.placed_bytes), static_cast<double>(to.payload_bytes));
  for (const auto& [reason, bytes] : from.placement.NotPlaced())
    to.not_placed[reason] = Signed(bytes);
  to.packets = Signed(from.placement.packets());
  to.offloaded_packets = Signed(from.placement.offloaded_packets());
  to.pdus = Signed(stats.c2h_data_ended);
  to.pdus_crc_offloaded = Signed(stats.digests_by_nic);
  to.pdus_crc_software = Signed(stats.digests_by_software);
  to.crc_offloaded_fraction =
      Ratio(static_cast<double>(to.pdus_crc_offloaded), static_cast<double>(to.pdus));
  to.false_crc_ok = Signed(from.false_crc_ok);
  const auto intervals = from.placement.Intervals();
  to.intervals.assign(intervals.begin(), intervals.end());
  to.resync.requests = Signed(from.resync.requests());
  to.resync.responses = Signed(from.resync.responses());
  to.resync.false_matches = Signed(from.resync.false_matches());
  to.resync.latency_ns = LatencyResult::Of(from.resync.latencies_ns());
  to.resync.unoffloaded_bytes = Signed(from.placement.unoffloaded_by_resync());
  return to;
}

void AddOffload(const OffloadResult& from, OffloadResult* to) {
  const double all = static_cast<double>(to->payload_bytes + from.payload_bytes);
  to->intervals.resize(10);
  for (size_t i = 0; i < to->intervals.size() && all > 0; ++i) {
    to->intervals[i] = (to->intervals[i] * static_cast<double>(to->payload_bytes) +
                        from.intervals[i] * static_cast<double>(from.payload_bytes)) /
                       all;
  }
  to->payload_bytes += from.payload_bytes;
  to->placed_bytes += from.placed_bytes;
  to->placed_fraction =
      Ratio(static_cast<double>(to->placed_bytes), static_cast<double>(to->payload_bytes));
  for (const auto& [reason, bytes] : from.not_placed) to->not_placed[reason] += bytes;
  to->packets += from.packets;
  to->offloaded_packets += from.offloaded_packets;
  to->pdus += from.pdus;
  to->pdus_crc_offloaded += from.pdus_crc_offloaded;
  to->pdus_crc_software += from.pdus_crc_software;
  to->crc_offloaded_fraction =
      Ratio(static_cast<double>(to->pdus_crc_offloaded), static_cast<double>(to->pdus));
  to->false_crc_ok += from.false_crc_ok;
  to->resync.requests += from.resync.requests;
  to->resync.responses += from.resync.responses;
  to->resync.false_matches += from.resync.false_matches;
  to->resync.unoffloaded_bytes += from.resync.unoffloaded_bytes;
}

// `cancelled`: requests that were mapped and cancelled before a teardown.
void CloseLaws(ReplaySystem* system, uint64_t cancelled) {
  const NicStats& nic = system->nic().stats();
  const UlpDdpStats& driver = system->kernel().ulp_ddp_stats();
  Laws& laws = system->recorder().laws();
  ConservationLaw& law = laws.conservation;
  const SimTime now = system->now();
  laws.completion.Finish(now);
  law.Balance("frames delivered to the NIC = received + dropped",
              Signed(system->replayer().frames()),
              nic.rx_packets + nic.rx_out_of_buffer + nic.rx_steer_missed, now);
  law.Balance("packets of the NIC = packets of the driver", nic.rx_packets,
              Signed(system->kernel().device().TotalRx().packets), now);
  law.Balance("frames accepted by the NIC = skbs of the driver + dropped",
              Signed(laws.transparency.accepted()),
              Signed(laws.transparency.delivered() + driver.drop), now);
  law.Balance("bytes placed by the NIC = bytes written to I/O buffers", nic.placed_bytes,
              Signed(laws.mapping.placed_bytes()), now);
  law.Balance("bytes placed by the NIC = bytes of the driver's CQEs + of those it dropped",
              nic.placed_bytes, Signed(driver.bytes + laws.transparency.dropped_placed_bytes()),
              now);
  law.Balance("sk_add = sk_del", Signed(driver.sk_add), Signed(driver.sk_del), now);
  law.Balance("setup = teardown + cancelled before", Signed(driver.setup),
              Signed(driver.teardown + cancelled), now);
}

// A law that had nothing to look at has failed, if there was anything.
VerificationResult VerificationOf(ReplaySystem* system, bool digests, bool moved) {
  ReplayRecorder& recorder = system->recorder();
  VerificationResult to;
  to.bytes_checked = Signed(recorder.payload().bytes_checked());
  to.corrupt_delivered = Signed(recorder.payload().wrong_bytes());
  bool pass = true;
  const bool placed = system->nic().stats().placed_bytes > 0;
  for (const Law* law : recorder.AllLaws(digests, placed)) {
    to.checks[law->name()] = Signed(law->checks());
    to.violations_total += Signed(law->violation_count());
    for (size_t i = 0; i < law->violations().size(); ++i) {
      const char* defect = law->defects()[i];
      to.violations.push_back({law->name(), law->violations()[i], defect == nullptr ? "" : defect});
    }
    // Where host and walk read different PDUs there may be nothing to compare.
    const bool excused = law == &recorder.payload() && recorder.payload().not_comparable() > 0;
    const bool idle = law->checks() == 0 && moved && !excused;
    if (idle) to.Add({law->name(), "checked nothing", ""});
    pass = pass && law->violation_count() == 0 && !idle;
  }
  to.defects = FindingsOf(recorder.laws().defects);
  to.verdict = pass ? "pass" : "fail";
  return to;
}

struct CounterCollector {
  NamedCounts* counts;
  void Counter(const char* name, const int64_t& value, const char*) { (*counts)[name] = value; }
};

ReplayConnectionRun ConnectionRunOf(ReplaySystem* system, size_t index, const ReplayCounts& counts,
                                    int64_t core_packets) {
  const ReplayConnection& connection = system->replayer().connection(index);
  ReplayRecorder::PerConnection& recorded = system->recorder().Of(index);
  ReplayConnectionRun to;
  to.offload = OffloadOf(recorded, counts.queues);
  const CostLedger& core = system->kernel().cpu().core(connection.facts().core).ledger();
  to.shares_core = core_packets > to.offload.packets;
  to.cpu = CpuOf(*system, ShareOf(core, to.offload.packets, core_packets), 1, Signed(counts.ios),
                 Signed(counts.io_bytes), system->now());
  to.episodes = recorded.episodes.episodes();
  to.teardown = counts.teardown;
  to.joins = Signed(counts.joins);
  to.late_setups = Signed(counts.late_setups);
  to.unknown_responses = Signed(counts.unknown_responses);
  to.completed_twice = Signed(counts.queues.completed_twice);
  to.datao_ignored = Signed(counts.queues.datao_ignored);
  to.reads = Signed(counts.reads);
  to.read_bytes = Signed(counts.read_bytes);
  to.failed = Signed(counts.failed);
  return to;
}

}  // namespace

void AddRun(ReplaySystem* system, Mode mode, const CaptureSurvey& survey, ReplayResult* result) {
  ReplayRun run;
  run.mode = ModeName(mode);
  run.sim_time_ns = system->now().ns();
  run.held_back_ns = system->replayer().held_back().ns();
  std::vector<int64_t> core_packets(survey.cores);
  std::vector<ReplayCounts> counts;
  for (size_t i = 0; i < survey.facts.size(); ++i) {
    counts.push_back(system->replayer().connection(i).Counts());
    core_packets[survey.facts[i].core] += Signed(system->recorder().Of(i).placement.packets());
  }
  uint64_t cancelled = 0;
  bool digests = false;
  bool moved = false;
  run.offload.resync.latency_ns = LatencyResult::Of({});
  std::vector<int64_t> latencies;
  for (size_t i = 0; i < survey.facts.size(); ++i) {
    ReplayConnectionRun one =
        ConnectionRunOf(system, i, counts[i], core_packets[survey.facts[i].core]);
    cancelled += counts[i].queues.ddp_cancelled;
    digests = digests || counts[i].queues.digests_by_nic + counts[i].queues.digests_by_software > 0;
    moved = moved || counts[i].queues.c2h_data_ended > 0;
    run.ios += Signed(counts[i].ios);
    run.io_bytes += Signed(counts[i].io_bytes);
    if (survey.facts[i].is_io) {
      AddOffload(one.offload, &run.offload);
      const auto& more = system->recorder().Of(i).resync.latencies_ns();
      latencies.insert(latencies.end(), more.begin(), more.end());
    }
    result->connections[i].runs.push_back(std::move(one));
  }
  run.offload.resync.latency_ns = LatencyResult::Of(latencies);
  run.cpu = CpuOf(*system, system->kernel().cpu().Ledger(), survey.cores, run.ios, run.io_bytes,
                  system->now());
  run.counters = DriverCounters(system->kernel().ulp_ddp_stats());
  CounterCollector collector{&run.nic};
  system->nic().stats().Describe(collector);
  CloseLaws(system, cancelled);
  run.verification = VerificationOf(system, digests, moved);
  result->runs.push_back(std::move(run));
}

void CompareRuns(ReplayResult* result) {
  if (result->runs.empty()) return;
  const double base = result->runs.front().cpu.cycles_per_io;
  result->comparison.baseline = result->runs.front().mode;
  for (const ReplayRun& run : result->runs) {
    ComparisonRow row{run.mode, "", {}, {}, {}, {}};
    if (base > 0) row.cycles_per_io_saved_percent = 100 * (1 - run.cpu.cycles_per_io / base);
    result->comparison.rows.push_back(row);
  }
}

}  // namespace ddpsim
