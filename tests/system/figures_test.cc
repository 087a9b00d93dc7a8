// The figures of a result agree with each other and with what the boxes counted.
#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

#include "sim/system/host_figures.h"
#include "tests/system/whole_run.h"

namespace ddpsim {
namespace {

int64_t Int(uint64_t value) { return static_cast<int64_t>(value); }

int64_t Dropped(const WireDirectionResult& wire) {
  int64_t sum = 0;
  for (const auto& [reason, count] : wire.dropped) sum += count;
  return sum;
}

void CheckLatency(const LatencyResult& latency, int64_t samples) {
  CHECK(latency.samples == samples);
  CHECK(latency.min > 0);
  int64_t last = latency.min;
  for (double percentile : {1.0, 5.0, 10.0, 50.0, 90.0, 99.0, 99.9}) {
    CHECK(latency.Percentile(percentile) >= last);
    last = latency.Percentile(percentile);
  }
  CHECK(latency.max >= last);
  CHECK(latency.mean > static_cast<double>(latency.min));
  CHECK(latency.mean < static_cast<double>(latency.max));
  CHECK(latency.stddev > 0);
  CHECK(latency.stddev < static_cast<double>(latency.max - latency.min));
}

void CheckIo(const IoResult& io, int64_t ios, int64_t bytes, int64_t window_ns) {
  const double seconds = static_cast<double>(window_ns) * 1e-9;
  CHECK(io.total_ios == ios);
  CHECK(io.io_bytes == bytes);
  CHECK(static_cast<double>(io.bw_bytes) == Approx(static_cast<double>(bytes) / seconds));
  CHECK(io.iops == Approx(static_cast<double>(ios) / seconds));
  CHECK(io.errors == 0);
  CheckLatency(io.clat_ns, ios);
}

void CheckCpu(const RunResult& result, uint32_t cores) {
  const CpuResult& cpu = result.cpu;
  const double seconds = static_cast<double>(result.window_ns) * 1e-9;
  CHECK(cpu.cores == cores);
  CHECK(cpu.frequency_hz == 1'980'000'000);
  int64_t sum = 0;
  double percent = 0;
  for (const SymbolResult& entry : cpu.breakdown) {
    sum += entry.cycles;
    percent += entry.percent;
  }
  CHECK(sum == cpu.busy_cycles);
  CHECK(percent == Approx(100));
  CHECK(cpu.cycles_per_io == Approx(static_cast<double>(sum) / result.total_ios()));
  CHECK(cpu.cycles_per_byte == Approx(static_cast<double>(sum) / result.io_bytes()));
  // A piece that runs over the edge of the window is booked on one side of it.
  const double busy = static_cast<double>(sum) / (1.98e9 * seconds * cores);
  CHECK(cpu.utilization == Approx(busy).epsilon(0.02));
  CHECK(cpu.utilization <= 1);
}

using Figure = std::pair<uint64_t TcpStats::*, int64_t TcpSenderResult::*>;
constexpr Figure kSender[] = {
    {&TcpStats::segments_out, &TcpSenderResult::segments},
    {&TcpStats::bytes_sent, &TcpSenderResult::bytes},
    {&TcpStats::retransmits, &TcpSenderResult::retransmits},
    {&TcpStats::bytes_retransmitted, &TcpSenderResult::bytes_retransmitted},
    {&TcpStats::timeouts, &TcpSenderResult::timeouts},
    {&TcpStats::fast_recoveries, &TcpSenderResult::fast_recoveries},
    {&TcpStats::tlp_probes, &TcpSenderResult::tlp_probes},
    {&TcpStats::tlp_recoveries, &TcpSenderResult::tlp_recoveries},
    {&TcpStats::undo, &TcpSenderResult::undo},
    {&TcpStats::spurious_rtos, &TcpSenderResult::spurious_rtos},
    {&TcpStats::lost_retransmits, &TcpSenderResult::lost_retransmits},
    {&TcpStats::dsacks_received, &TcpSenderResult::dsacks_received},
    {&TcpStats::zero_window_probes, &TcpSenderResult::zero_window_probes},
    {&TcpStats::tsq_throttled, &TcpSenderResult::tsq_throttled}};
constexpr std::pair<uint64_t TcpStats::*, int64_t TcpReceiverResult::*> kReceiver[] = {
    {&TcpStats::segments_in, &TcpReceiverResult::segments},
    {&TcpStats::bytes_received, &TcpReceiverResult::bytes},
    {&TcpStats::acks_sent, &TcpReceiverResult::acks_sent},
    {&TcpStats::delayed_acks, &TcpReceiverResult::delayed_acks},
    {&TcpStats::dup_acks_sent, &TcpReceiverResult::dup_acks_sent},
    {&TcpStats::acks_compressed, &TcpReceiverResult::acks_compressed},
    {&TcpStats::sacks_sent, &TcpReceiverResult::sacks_sent},
    {&TcpStats::dsacks_sent, &TcpReceiverResult::dsacks_sent},
    {&TcpStats::ooo_segments, &TcpReceiverResult::ooo_segments},
    {&TcpStats::old_data_dropped, &TcpReceiverResult::old_segments},
    {&TcpStats::coalesced, &TcpReceiverResult::coalesced},
    {&TcpStats::collapsed, &TcpReceiverResult::collapsed},
    {&TcpStats::ofo_pruned, &TcpReceiverResult::ofo_pruned},
    {&TcpStats::rcvbuf_dropped, &TcpReceiverResult::rcvbuf_dropped},
    {&TcpStats::bad_checksums, &TcpReceiverResult::bad_checksums}};

// Each figure of `result` that is not zero is the sum of the counter of its name over `sockets`.
// Returns how many are not zero.
template <class Table, class Result, class Sockets>
int CheckSums(const Table& table, const Result& result, const Sockets& sockets) {
  int seen = 0;
  for (const auto& [counter, figure] : table) {
    int64_t sum = 0;
    for (const TcpStats* stats : sockets) sum += Int(stats->*counter);
    CHECK(result.*figure == sum);
    seen += sum != 0 ? 1 : 0;
  }
  return seen;
}

Scenario Hostile(int64_t ios) {
  Scenario scenario = SmallScenario(ios);
  for (settings::FaultConfig* way : {&scenario.network.c2h, &scenario.network.h2c}) {
    way->loss.model = settings::LossModelKind::kBernoulli;
    way->loss.probability = 0.02;
    way->reorder.probability = 0.01;
    way->duplicate.probability = 0.01;
    way->corrupt.probability = 0.01;
  }
  return scenario;
}

}  // namespace

TEST_CASE("the figures of a clean read follow from its bytes, its window and its cycles") {
  for (Mode mode : {Mode::kSoftware, Mode::kDdpCrc}) {
    Scenario scenario = SmallScenario();
    scenario.workload.ramp_ios = 20;
    scenario.host.cpu.cores = 2;
    WholeRun run(scenario, mode);
    const RunResult& result = run.result();
    CHECK(run.end() == RunEnd::kTotalIos);
    CHECK(result.window_ns > 0);
    CHECK(result.window_ns < result.sim_time_ns);
    CheckIo(result.read, 60, 60 * 65536, result.window_ns);
    CHECK(result.write.total_ios == 0);
    CHECK(result.write.clat_ns.samples == 0);
    CheckCpu(result, 2);
    const OffloadResult& offload = result.offload;
    CHECK(offload.pdus >= 60);
    CHECK(offload.pdus == offload.pdus_crc_offloaded + offload.pdus_crc_software);
    const double placed = mode == Mode::kSoftware ? 0 : 1;
    CHECK(offload.placed_fraction == placed);
    CHECK(offload.crc_offloaded_fraction == placed);
    CHECK(offload.placed_bytes == (mode == Mode::kSoftware ? 0 : offload.payload_bytes));
    // What was on its way when the window opened or closed counts where it was delivered.
    CHECK(offload.payload_bytes >= (60 - 8) * 65536);
    CHECK(offload.payload_bytes <= (60 + 8) * 65536);
    for (double share : offload.intervals) CHECK(share == placed);
  }
}

TEST_CASE("the figures of a clean write follow from its bytes and its window") {
  Scenario scenario = SmallScenario();
  scenario.workload.rw = settings::ReadWrite::kRandWrite;
  WholeRun run(scenario, Mode::kSoftware);
  CheckIo(run.result().write, 60, 60 * 65536, run.result().window_ns);
  CHECK(run.result().read.total_ios == 0);
  CHECK(run.result().read.clat_ns.samples == 0);
}

TEST_CASE("what the PDUs' figures say is what both ends counted") {
  Scenario scenario = SmallScenario();
  scenario.host.nvme.header_digest = true;
  scenario.workload.rw = settings::ReadWrite::kRandWrite;
  WholeRun run(scenario, Mode::kSoftware);
  const ProtocolResult& protocol = run.result().protocol;
  const auto pdus = [&](const char* name) { return protocol.pdus.at(name); };
  CHECK(pdus("ICReq") == 2);
  CHECK(pdus("ICResp") == 2);
  CHECK(pdus("CapsuleCmd") == Int(run.all().requests));
  CHECK(pdus("CapsuleResp") == Int(run.all().requests));
  CHECK(pdus("R2T") == 60);
  CHECK(pdus("H2CData") >= 60);
  CHECK(pdus("C2HData") > 0);
  CHECK(pdus("C2HTermReq") == 0);
  CHECK(protocol.header_digests.ok == pdus("CapsuleResp") + pdus("R2T") + pdus("C2HData"));
  CHECK(protocol.header_digests.bad == 0);
  CHECK(protocol.data_digests.ok == pdus("C2HData"));
  CHECK(protocol.data_digests.bad == 0);
  CHECK(protocol.reconnects == 0);
  CHECK(protocol.transfer_errors == 0);
  CHECK(protocol.refused.size() == run.system().target().stats().refused.size());
  for (const auto& [name, count] : protocol.refused) CHECK(count == 0);
  CHECK(protocol.host_refused.empty());
}

TEST_CASE("the driver's counters are those of what it set up, tore down and rebuilt") {
  Scenario scenario = SmallScenario();
  scenario.host.nvme.queues = 2;
  scenario.workload.numjobs = 2;
  WholeRun run(scenario, Mode::kDdpCrc);
  const NamedCounts& counters = run.result().counters;
  CHECK(counters.at("rx-nvme-tcp-sk-add") == 2);
  CHECK(counters.at("rx-nvme-tcp-sk-add-fail") == 0);
  CHECK(counters.at("rx-nvme-tcp-sk-del") == 2);
  CHECK(counters.at("rx-nvme-tcp-setup") == 60);
  CHECK(counters.at("rx-nvme-tcp-setup-fail") == 0);
  CHECK(counters.at("rx-nvme-tcp-teardown") == 60);
  CHECK(counters.at("rx-nvme-tcp-drop") == 0);
  CHECK(counters.at("rx-nvme-tcp-resync") == 0);
  CHECK(counters.at("rx-nvme-tcp-packets") == run.nic().placed_packets);
  CHECK(counters.at("rx-nvme-tcp-bytes") == run.nic().placed_bytes);
  CHECK(run.nic().placed_bytes == 60 * 65536);
}

TEST_CASE("the host's counters are the sums over its cores") {
  Scenario scenario = SmallScenario(400);
  scenario.workload.iodepth = 64;
  scenario.workload.numjobs = 4;
  scenario.host.cpu.cores = 2;
  scenario.host.nvme.queues = 2;
  WholeRun run(scenario, Mode::kSoftware);
  CpuStats sum;
  for (uint32_t i = 0; i < 2; ++i) {
    const CpuStats& stats = run.kernel().cpu().core(i).stats();
    sum.hardirqs += stats.hardirqs;
    sum.softirq_runs += stats.softirq_runs;
    sum.time_squeezes += stats.time_squeezes;
    sum.ksoftirqd_wakeups += stats.ksoftirqd_wakeups;
    sum.context_switches += stats.context_switches;
  }
  const NamedCounts& host = run.result().host;
  CHECK(host.at("hardirqs") == Int(sum.hardirqs));
  CHECK(host.at("softirq_runs") == Int(sum.softirq_runs));
  CHECK(host.at("time_squeezes") == Int(sum.time_squeezes));
  CHECK(host.at("ksoftirqd_wakeups") == Int(sum.ksoftirqd_wakeups));
  CHECK(host.at("context_switches") == Int(sum.context_switches));
  CHECK(host.at("icosq_full") == 0);
  for (const char* name : {"hardirqs", "softirq_runs", "ksoftirqd_wakeups", "context_switches"}) {
    INFO(name);
    CHECK(host.at(name) > 0);
  }
}

TEST_CASE("symbols: thousandths of a cycle are rounded, and each is booked under its context") {
  CostLedger ledger;
  const auto at = [&ledger](Cost row, CpuContext context) -> int64_t& {
    return ledger.millicycles[static_cast<size_t>(row)][static_cast<size_t>(context)];
  };
  at(Cost::kHardirq, CpuContext::kHardirq) = 1499;
  at(Cost::kRxCqe, CpuContext::kSoftirq) = 1000;
  at(Cost::kRxCqe128, CpuContext::kSoftirq) = 500;
  at(Cost::kRecvPdu, CpuContext::kKworker) = 7000;
  at(Cost::kAppPerIo, CpuContext::kUser) = 9000;
  at(Cost::kMmio, CpuContext::kUser) = 3000;
  at(Cost::kMmio, CpuContext::kKworker) = 4000;
  CpuResult cpu;
  cpu.SetBreakdown(SymbolsOf(ledger));
  const auto cycles = [&cpu](const std::string& symbol, const std::string& context) {
    for (const SymbolResult& entry : cpu.breakdown)
      if (entry.symbol == symbol && entry.context == context) return entry.cycles;
    return int64_t{-1};
  };
  CHECK(cycles("mlx5_eq_comp_int", "hardirq") == 1);
  CHECK(cycles("mlx5e_handle_rx_cqe", "softirq") == 2);
  CHECK(cycles("nvme_tcp_recv_pdu", "kworker") == 7);
  CHECK(cycles("fio (user)", "user") == 9);
  CHECK(cycles("mlx5e_notify_hw", "user") == 3);
  CHECK(cycles("mlx5e_notify_hw", "kworker") == 4);
  CHECK(cpu.breakdown.size() == 6);
  CHECK(cpu.symbols.at("mlx5e_notify_hw") == 7);
  for (const CostRowName& row : kCostRowNames) CHECK(cpu.symbols.count(row.symbol) == 1);
}

TEST_CASE("the wire's figures and those of both TCPs account for every segment and byte") {
  WholeRun run(Hostile(200), Mode::kSoftware);
  const RunResult& result = run.result();
  const WireDirectionResult& c2h = result.wire.c2h;
  const WireDirectionResult& h2c = result.wire.h2c;
  CHECK(c2h.packets == result.tcp.c2h.segments);
  CHECK(h2c.packets == result.tcp.h2c.segments);
  CHECK(c2h.dropped.at("bernoulli") > 0);
  CHECK(c2h.reordered > 0);
  CHECK(c2h.duplicated > 0);
  CHECK(c2h.corrupted > 0);
  CHECK(h2c.corrupted > 0);
  CHECK(run.nic().rx_packets == c2h.packets - Dropped(c2h) + c2h.duplicated);
  CHECK(run.nic().tx_packets == h2c.packets);
  CHECK(run.nic().tx_bytes == h2c.bytes);
  CHECK(result.tcp.host.segments == run.nic().rx_packets);
  // The target's TCP sees no segment with a wrong checksum.
  const int64_t arrived = h2c.packets - Dropped(h2c) + h2c.duplicated;
  CHECK(result.tcp.target.segments < arrived);
  CHECK(result.tcp.target.segments >= arrived - h2c.corrupted);
  CHECK(result.tcp.host.bytes == result.tcp.c2h.bytes - result.tcp.c2h.bytes_retransmitted);
  CHECK(result.tcp.target.bytes == result.tcp.h2c.bytes - result.tcp.h2c.bytes_retransmitted);
  CHECK(result.tcp.host.bad_checksums > 0);
  CHECK(result.tcp.host.bad_checksums == run.nic().rx_bad_checksum);
  CHECK(result.tcp.c2h.dsacks_received <= result.tcp.host.dsacks_sent);
}

TEST_CASE("each TCP figure is the sum over the sockets of the counter of its name") {
  WholeRun run(Hostile(200), Mode::kSoftware);
  std::vector<const TcpStats*> host, target;
  for (const auto& socket : run.kernel().sockets()) host.push_back(&socket->connection().stats());
  for (size_t i = 0; i < run.system().target().connections(); ++i)
    target.push_back(&run.system().target().connection(i).connection().stats());
  const TcpResult& tcp = run.result().tcp;
  CHECK(CheckSums(kSender, tcp.c2h, target) >= 8);
  CHECK(CheckSums(kSender, tcp.h2c, host) >= 6);
  CHECK(CheckSums(kReceiver, tcp.host, host) >= 8);
  CHECK(CheckSums(kReceiver, tcp.target, target) >= 5);
}

TEST_CASE(
    "resync figures: each answer belongs to a request, and what was lost to them is payload") {
  Scenario scenario = SmallScenario(300);
  scenario.network.c2h.loss.model = settings::LossModelKind::kBernoulli;
  scenario.network.c2h.loss.probability = 0.02;
  WholeRun run(scenario, Mode::kDdpCrc);
  const OffloadResult& offload = run.result().offload;
  const ResyncResult& resync = offload.resync;
  CHECK(resync.requests > 0);
  CHECK(resync.responses > 0);
  CHECK(resync.requests == Int(run.kernel().ulp_ddp_stats().resync));
  CHECK(resync.responses == Int(run.io().resync_responses));
  CHECK(resync.requests >= resync.responses + resync.false_matches);
  CHECK(resync.latency_ns.samples <= resync.responses);
  CHECK(resync.latency_ns.samples > 0);
  CHECK(resync.latency_ns.min > 0);
  const auto reason = [&](const char* name) {
    const auto found = offload.not_placed.find(name);
    return found == offload.not_placed.end() ? 0 : found->second;
  };
  CHECK(resync.unoffloaded_bytes == reason("searching") + reason("tracking"));
  CHECK(resync.unoffloaded_bytes > 0);
  int64_t sum = offload.placed_bytes;
  for (const auto& [name, bytes] : offload.not_placed) sum += bytes;
  CHECK(sum == offload.payload_bytes);
  CHECK(offload.packets > offload.offloaded_packets);
  CHECK(offload.offloaded_packets > 0);
  CHECK(offload.pdus_crc_software > 0);
  CHECK(offload.crc_offloaded_fraction == Approx(static_cast<double>(offload.pdus_crc_offloaded) /
                                                 static_cast<double>(offload.pdus)));
  const auto [least, most] =
      std::minmax_element(offload.intervals.begin(), offload.intervals.end());
  CHECK(*least <= offload.placed_fraction);
  CHECK(*most >= offload.placed_fraction);
  CHECK(*most <= 1);
}

TEST_CASE("figures: what is different has another fingerprint, what is the same has the same") {
  const std::string first = WholeRun(SmallScenario(), Mode::kSoftware).result().fingerprint;
  CHECK(first.size() == 16);
  CHECK(WholeRun(SmallScenario(), Mode::kSoftware).result().fingerprint == first);
  Scenario other = SmallScenario();
  other.workload.bs *= 2;
  CHECK(WholeRun(other, Mode::kSoftware).result().fingerprint != first);
}

}  // namespace ddpsim
