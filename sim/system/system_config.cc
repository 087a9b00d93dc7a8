#include "sim/system/system_config.h"

#include <algorithm>
#include <cmath>

#include "sim/system/fault_translation.h"
#include "sim/system/target_translation.h"

namespace ddpsim {
namespace {

constexpr uint32_t kHostIp = 0x0a090002;    // 10.9.0.2, as in the captures of the real system
constexpr uint32_t kTargetIp = 0x0a090001;  // 10.9.0.1
constexpr MacAddress kHostMac = {0x02, 0, 0, 0, 0, 2};
constexpr MacAddress kTargetMac = {0x02, 0, 0, 0, 0, 1};

EthIpAddresses HostToTarget() {
  EthIpAddresses addresses;
  addresses.source_mac = kHostMac;
  addresses.destination_mac = kTargetMac;
  addresses.source_ip = kHostIp;
  addresses.destination_ip = kTargetIp;
  return addresses;
}

CongestionControlKind Translate(settings::CongestionControlName name) {
  return name == settings::CongestionControlName::kReno ? CongestionControlKind::kReno
                                                        : CongestionControlKind::kCubic;
}

int64_t Log2(int64_t entries) {
  int64_t log = 0;
  while ((int64_t{1} << log) < entries) ++log;
  return log;
}

SimTime FromUs(double us) { return SimTime::Ps(std::llround(us * 1e6)); }

NicConfig TranslateNic(const Scenario& scenario) {
  const settings::NicConfig& from = scenario.host.nic;
  NicConfig to;
  to.search = from.offload.search == settings::HeaderSearch::kAnyOffset ? SearchMode::kAnyOffset
                                                                        : SearchMode::kPacketStart;
  to.ddp_across_data_gap = from.offload.ddp_across_data_gap;
  to.skips_seen_bytes = from.offload.skips_seen_bytes;
  to.max_pdu_bytes = from.offload.max_pdu_bytes;
  to.pause = scenario.network.pause;
  to.packet_buffer_bytes = from.packet_buffer;
  to.xoff_percent = from.xoff_percent;
  to.xon_percent = from.xon_percent;
  to.rx_latency_ns = from.rx_latency_ns;
  to.tx_latency_ns = from.tx_latency_ns;
  to.umr_latency_ns = from.offload.umr_latency_ns;
  to.umr_klm_latency_ns = from.offload.umr_klm_latency_ns;
  to.command_latency_ns = from.command_latency_ns;
  return to;
}

void TranslateHostTcp(const settings::HostTcpConfig& from, TcpConfig* to) {
  to->congestion_control = Translate(from.congestion_control);
  to->sack = from.sack;
  to->timestamps = from.timestamps;
  to->tso = from.tso;
  to->rcvbuf = from.rcvbuf == 0 ? 0 : std::max(from.rcvbuf, kMinRcvbuf);
  to->hz = from.hz;
}

ResyncFaultConfig Translate(const settings::ResyncFaultsConfig& from) {
  ResyncFaultConfig to;
  to.loss = from.loss;
  to.late = from.late;
  to.delay = FromUs(from.delay_us);
  to.lost = from.lost_list;
  for (const settings::LateAnswerConfig& late : from.late_list)
    to.late_list.push_back({late.answer, FromUs(late.delay_us)});
  for (const settings::StrayAnswerConfig& stray : from.stray)
    to.stray.push_back({stray.request, FromUs(stray.delay_us), stray.offset});
  return to;
}

KernelConfig TranslateKernel(const Scenario& scenario, Mode mode, uint32_t cores) {
  const settings::NicConfig& nic = scenario.host.nic;
  KernelConfig to;
  to.cpu.cores = cores;
  for (const auto& name : settings::kNicDriverNames) {
    if (name.value == nic.driver) to.device.driver = name.name;
  }
  to.device.channels = cores;
  to.device.log_rx_ring = Log2(nic.rx_ring);
  to.device.mtu = scenario.network.mtu;
  to.device.adaptive_rx = nic.adaptive_rx;
  to.device.moderation_usecs = nic.rx_usecs;
  to.device.moderation_frames = nic.rx_frames;
  to.device.gro = scenario.host.tcp.gro;
  to.device.ddp = nic.offload.cap_ddp && (mode == Mode::kDdp || mode == Mode::kDdpCrc);
  to.device.ddgst = nic.offload.cap_ddgst_rx && (mode == Mode::kCrc || mode == Mode::kDdpCrc);
  to.device.cqe_128 = to.device.ddp || to.device.ddgst;
  to.device.resync_faults = Translate(nic.offload.resync_faults);
  TranslateHostTcp(scenario.host.tcp, &to.tcp);
  to.addresses = HostToTarget();
  to.seed = static_cast<uint64_t>(scenario.seed);
  to.io_threshold = static_cast<uint32_t>(nic.offload.io_threshold);
  to.ccid_gen = nic.offload.ccid_gen;
  to.sgl_cursor_restarts = nic.offload.sgl_cursor_restarts;
  to.max_queues = static_cast<uint32_t>(nic.offload.max_queues);
  return to;
}

NvmeHostConfig TranslateNvme(const Scenario& scenario) {
  const settings::NvmeConfig& from = scenario.host.nvme;
  const settings::OffloadConfig& offload = scenario.host.nic.offload;
  NvmeHostConfig to;
  to.queues = static_cast<uint32_t>(from.queues);
  to.queue_size = static_cast<uint32_t>(from.queue_size);
  to.header_digest = from.header_digest;
  to.data_digest = from.data_digest;
  to.reconnect_delay = SimTime::Ms(from.reconnect_delay_ms);
  to.max_reconnects = MaxReconnects(SimTime::Sec(from.ctrl_loss_tmo), to.reconnect_delay);
  to.keep_alive = SimTime::Sec(from.kato);
  to.hz = scenario.host.tcp.hz;
  to.max_retries = static_cast<uint32_t>(from.max_retries);
  to.io_timeout = SimTime::Ms(from.io_timeout_ms);
  to.ddp.resync_exact = offload.resync_answer == settings::ResyncAnswer::kExact;
  to.ddp.resync_last_byte = offload.resync_seq_is == settings::ResyncSeqIs::kLastByte;
  return to;
}

// A namespace holds whole blocks; what is left of a size reaches no I/O.
constexpr int64_t kLogicalBlock = 512;

LoadConfig TranslateLoad(const Scenario& scenario) {
  using settings::ReadWrite;
  const settings::WorkloadConfig& from = scenario.workload;
  LoadConfig to;
  to.random = from.rw == ReadWrite::kRandRead || from.rw == ReadWrite::kRandWrite;
  to.write = from.rw == ReadWrite::kRandWrite || from.rw == ReadWrite::kWrite;
  to.bs = static_cast<uint32_t>(from.bs);
  to.iodepth = static_cast<uint32_t>(from.iodepth);
  to.numjobs = static_cast<uint32_t>(from.numjobs);
  to.size = static_cast<uint64_t>(from.size / kLogicalBlock * kLogicalBlock);
  to.total_ios = static_cast<uint64_t>(from.total_ios);
  to.runtime = SimTime::Ms(from.runtime_ms);
  to.ramp_ios = static_cast<uint64_t>(from.ramp_ios);
  to.seed = static_cast<uint64_t>(scenario.seed);
  return to;
}

ContentKind Translate(settings::Content content) {
  switch (content) {
    case settings::Content::kPattern:
      return ContentKind::kPattern;
    case settings::Content::kFakeHeaders:
      return ContentKind::kFakeHeaders;
    case settings::Content::kRandom:
      return ContentKind::kRandom;
    case settings::Content::kZero:
      return ContentKind::kZero;
  }
  return ContentKind::kPattern;
}

// `skip`: copy and digest cost nothing, all else is as in software.
void MakeCopyAndDigestFree(CostTable* costs) {
  for (Cost row : {Cost::kCopyCall, Cost::kCopyByteLlc, Cost::kCopyByteDram, Cost::kCrcCall,
                   Cost::kCrcByte, Cost::kCrcByteDram}) {
    costs->millicycles[static_cast<size_t>(row)] = 0;
  }
}

// What one queue can have in flight, in bytes of its stream.
uint64_t InFlight(const Scenario& scenario) {
  const settings::WorkloadConfig& load = scenario.workload;
  const int64_t queues = scenario.host.nvme.queues;
  const int64_t jobs = (load.numjobs + queues - 1) / queues;
  constexpr int64_t kPerIo = 64;  // headers, digests, CapsuleResp
  return static_cast<uint64_t>(jobs * load.iodepth * (load.bs + kPerIo));
}

// Whether each PDU header reaches the NIC as it was sent, and reads as the NIC was told.
bool HeadersAreTrue(const Scenario& scenario) {
  const settings::FaultConfig& c2h = scenario.network.c2h;
  const bool unseen = c2h.corrupt.fix_checksum &&
                      (c2h.corrupt.probability > 0 || !c2h.corrupt.list.empty()) &&
                      (c2h.corrupt.field == settings::CorruptField::kPayload ||
                       c2h.corrupt.field == settings::CorruptField::kHeader);
  constexpr int64_t kHeaders = 1024;  // of one PDU, generously
  return !unseen && c2h.script.flipped.empty() &&
         scenario.host.nic.driver >= settings::NicDriver::kV6 &&
         scenario.workload.bs + kHeaders <= scenario.host.nic.offload.max_pdu_bytes;
}

void Promise(const Scenario& scenario, SystemConfig* to) {
  to->keeps_sync = HeadersAreTrue(scenario);
  const settings::OffloadConfig& offload = scenario.host.nic.offload;
  to->resync_last_byte = offload.resync_seq_is == settings::ResyncSeqIs::kLastByte;
  to->resync_promised = offload.search == settings::HeaderSearch::kAnyOffset &&
                        scenario.network.pause && !to->resync_last_byte;
  // v1 to v5 do not tell the NIC of header digests: it takes each PDU for four bytes shorter.
  if (scenario.host.nic.driver < settings::NicDriver::kV6 && scenario.host.nvme.header_digest)
    to->resync_promised = false;
  // A NIC that knows no PDUs of that length never finds the way into such a stream.
  constexpr int64_t kAroundData = 64;  // header with digest, PDO's padding, data digest
  if (offload.max_pdu_bytes < scenario.workload.bs + kAroundData) to->resync_promised = false;
  // The last faults leave up to a window to be recovered, the answer waits for that, and a window
  // is on its way meanwhile; then comes the next PDU.
  to->resync_bound = 3 * InFlight(scenario) + 2 * static_cast<uint64_t>(scenario.workload.bs) +
                     (uint64_t{128} << 10);
}

}  // namespace

SystemConfig TranslateScenario(const Scenario& scenario, Mode mode, const CostProfile& profile) {
  SystemConfig to;
  to.seed = static_cast<uint64_t>(scenario.seed);
  to.costs = profile.costs;
  if (mode == Mode::kSkip) MakeCopyAndDigestFree(&to.costs);
  to.llc.capacity_bytes = profile.llc_bytes;
  to.link.rate_gbps = scenario.network.rate_gbps;
  to.link.delay = FromUs(scenario.network.delay_us);
  to.link.queue_packets = scenario.network.queue_packets;
  to.link.lossless = scenario.network.pause;
  to.c2h_faults = TranslateFaults(scenario.network.c2h);
  to.h2c_faults = TranslateFaults(scenario.network.h2c);
  to.faults_ios = static_cast<uint64_t>(scenario.network.faults_ios);
  to.faults_from_start = scenario.network.faults_from == settings::FaultsFrom::kStart;
  to.nic = TranslateNic(scenario);
  const int64_t cores = scenario.host.cpu.cores > 0 ? scenario.host.cpu.cores : profile.cores;
  to.kernel = TranslateKernel(scenario, mode, static_cast<uint32_t>(cores));
  to.offload = to.kernel.device.cqe_128 && scenario.host.nvme.ddp_offload;
  to.tie_seed = static_cast<uint64_t>(scenario.tie_seed);
  to.nvme = TranslateNvme(scenario);
  to.load = TranslateLoad(scenario);
  to.content = Translate(scenario.workload.content);
  to.data_digest = scenario.host.nvme.data_digest;
  to.target = TranslateTarget(scenario);
  to.target.mac = kTargetMac;
  to.target.ip = kTargetIp;
  Promise(scenario, &to);
  return to;
}

}  // namespace ddpsim
