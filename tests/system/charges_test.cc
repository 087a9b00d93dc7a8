// What the host's software charges is what it did: as many units of each row of the cost table
// (net/cost.h says what a unit is) as the boxes counted of it by themselves.
#include <catch2/catch.hpp>

#include "models/kernel/nvmeotcp_wqe.h"
#include "tests/system/whole_run.h"

namespace ddpsim {
namespace {

struct SocketSums {
  int64_t skbs = 0;
  int64_t backlogged = 0;  // while the socket was owned
  int64_t merged = 0;      // of these, into the one before
  int64_t out_of_order = 0;
};

SocketSums SumsOf(WholeRun* run) {
  SocketSums sums;
  for (const auto& socket : run->kernel().sockets()) {
    sums.skbs += static_cast<int64_t>(socket->stats().skbs);
    const SocketStats& stats = socket->stats();
    CHECK(stats.backlog_drops == 0);
    sums.merged += static_cast<int64_t>(stats.backlog_coalesced);
    sums.backlogged += static_cast<int64_t>(stats.backlogged + stats.backlog_coalesced);
    sums.out_of_order += static_cast<int64_t>(socket->connection().stats().ooo_segments);
  }
  return sums;
}

int64_t SentByDriver(WholeRun* run) {
  int64_t sum = 0;
  for (uint32_t i = 0; i < run->kernel().device().channels(); ++i)
    sum += static_cast<int64_t>(run->kernel().device().channel(i).sq().stats().packets);
  return sum;
}

constexpr int64_t kQueues = 2;  // admin and I/O

int64_t Int(uint64_t value) { return static_cast<int64_t>(value); }

// What holds in every run of reads without a loss.
void CheckReceive(WholeRun* run) {
  const int64_t packets = run->nic().rx_packets;
  const SocketSums sockets = SumsOf(run);
  CHECK(run->Units(Cost::kRxCqe) == packets);
  CHECK(run->Units(Cost::kRxSkbBuild) == packets);
  CHECK(run->Units(Cost::kGroPacket) == packets);
  CHECK(run->Units(Cost::kTcpReceivePacket) == packets);
  CHECK(run->Units(Cost::kGroFlush) == sockets.skbs);
  CHECK(run->Units(Cost::kIpReceive) == sockets.skbs);
  CHECK(run->Units(Cost::kTcpReceive) == sockets.skbs - sockets.merged);
  CHECK(run->Units(Cost::kTcpBacklog) == sockets.backlogged);
  CHECK(run->Units(Cost::kTcpOutOfOrder) == sockets.out_of_order);
  CHECK(run->Units(Cost::kSkbFree) == packets);
  int64_t ring = 0;
  for (size_t i = 0; i < run->kernel().device().channels(); ++i) ring += 1024;
  CHECK(run->Units(Cost::kRxRefill) >= packets);
  CHECK(run->Units(Cost::kRxRefill) <= packets + ring);
  CHECK(run->Units(Cost::kTcpReceiveAck) > 0);
  CHECK(run->Units(Cost::kTcpReceiveAck) <= sockets.skbs);
  CHECK(run->Units(Cost::kRecvSkb) > 0);
  CHECK(run->Units(Cost::kRecvPacket) >= run->Units(Cost::kRecvSkb));
  CHECK(run->Units(Cost::kRecvPacket) <= packets);
}

void CheckInterrupts(WholeRun* run) {
  int64_t hardirqs = 0, softirqs = 0, switches = 0;
  for (uint32_t i = 0; i < run->kernel().cpu().cores(); ++i) {
    const CpuStats& stats = run->kernel().cpu().core(i).stats();
    hardirqs += Int(stats.hardirqs);
    softirqs += Int(stats.softirq_runs);
    switches += Int(stats.context_switches);
  }
  CHECK(run->Units(Cost::kHardirq) == hardirqs);
  CHECK(run->Units(Cost::kSoftirqEntry) == softirqs);
  CHECK(run->Units(Cost::kWorkSwitch) == switches);
  CHECK(hardirqs > 0);
  CHECK(hardirqs <= run->nic().interrupts);
  CHECK(run->Units(Cost::kNapiPoll) > 0);
  CHECK(run->Units(Cost::kWakeup) > 0);
  CHECK(run->Units(Cost::kWakeup) <= switches);
}

void CheckSend(WholeRun* run) {
  const int64_t packets = SentByDriver(run);
  CHECK(packets > 0);
  CHECK(run->Units(Cost::kTcpSendAck) + run->Units(Cost::kTcpTransmit) == packets);
  CHECK(run->Units(Cost::kDriverXmit) == packets);
  CHECK(run->Units(Cost::kDriverTxCqe) > 0);
  CHECK(run->Units(Cost::kDriverTxCqe) <= packets);
}

void CheckProtocol(WholeRun* run, bool header_digest) {
  const HostQueueStats& all = run->all();
  const int64_t received = Int(all.ic_resps + all.capsule_resps + all.c2h_data + all.r2ts);
  const int64_t sent = Int(all.capsule_cmds + all.h2c_data);
  CHECK(run->Units(Cost::kRecvPdu) == received);
  CHECK(run->Units(Cost::kSendPdu) == sent);
  // An ICReq and its answer have none.
  CHECK(run->Units(Cost::kHeaderDigest) ==
        (header_digest ? received - Int(all.ic_resps) + sent : 0));
  CHECK(run->Units(Cost::kQueueRq) == Int(all.requests));
  CHECK(run->Units(Cost::kRequestComplete) == Int(all.requests));
  // io_work locks the socket once a turn to read; each call of sendpage, the shutdown of each queue
  // and its release lock it for themselves.
  CHECK(run->Units(Cost::kSockLock) ==
        run->Units(Cost::kIoWork) + run->Units(Cost::kSendMsg) + 2 * kQueues);
  // Softirqs call data_ready, which queues io_work unless it is queued already.
  CHECK(run->Units(Cost::kDataReady) > 0);
  CHECK(run->Units(Cost::kQueueWork, CpuContext::kSoftirq) > 0);
  CHECK(run->Units(Cost::kQueueWork, CpuContext::kSoftirq) <= run->Units(Cost::kDataReady));
}

// `ios` of `bytes` each, `bytes` being whole pages and in one request.
void CheckBlockLayer(WholeRun* run, int64_t ios, int64_t bytes) {
  CHECK(Int(run->system().load().result().submitted) == ios);
  CHECK(run->Units(Cost::kAppPerIo) == ios);
  CHECK(run->Units(Cost::kAioSubmit) == ios);
  CHECK(run->Units(Cost::kAioComplete) == ios);
  CHECK(run->Units(Cost::kBlkSubmit) == ios);
  CHECK(run->Units(Cost::kBlkPage) == ios * bytes / 4096);
}

// The data of the Connect commands of the admin queue and of one I/O queue (NVMe-oF 1.1, 3.3).
constexpr int64_t kConnects = 2;
constexpr int64_t kConnectData = 1024;

}  // namespace

TEST_CASE(
    "a read in software charges each packet, PDU, request, byte copied and byte summed once") {
  for (bool header_digest : {false, true}) {
    Scenario scenario = SmallScenario();
    scenario.host.nvme.header_digest = header_digest;
    WholeRun run(scenario, Mode::kSoftware);
    CheckReceive(&run);
    CheckInterrupts(&run);
    CheckSend(&run);
    CheckProtocol(&run, header_digest);
    CheckBlockLayer(&run, 60, 65536);
    const int64_t payload = Int(run.all().payload_bytes);
    CHECK(Int(run.io().payload_bytes) == 60 * 65536);
    CHECK(run.Units(Cost::kCopyByteLlc) + run.Units(Cost::kCopyByteDram) == payload);
    CHECK(run.Units(Cost::kCrcByte) + run.Units(Cost::kCrcByteDram) ==
          payload + kConnects * kConnectData);
    CHECK(run.Units(Cost::kCrcCall) == Int(run.all().c2h_data) + kConnects);
    CHECK(run.Units(Cost::kCopyCall) >= payload / 4096);
    CHECK(run.Units(Cost::kCopySkipCheck) == 0);
    CHECK(run.Units(Cost::kRxCqe128) == 0);
    // A capsule is a call, a Connect's data and digest are two more, an ICReq is one.
    CHECK(run.Units(Cost::kSendMsg) ==
          Int(run.all().capsule_cmds + run.all().ic_reqs) + 2 * kConnects);
    // The CQEs of the NIC are those of the packets and those of the sends.
    CHECK(run.Units(Cost::kDriverTxCqe) == run.nic().cqes - run.nic().rx_packets);
    // What fio's thread sends is a packet and a doorbell for each command.
    CHECK(run.Units(Cost::kDriverXmit, CpuContext::kUser) > 0);
    CHECK(run.Units(Cost::kMmio, CpuContext::kUser) ==
          run.Units(Cost::kDriverXmit, CpuContext::kUser));
  }
}

TEST_CASE("a read that is placed charges set-up and teardown by request, page and WQEBB") {
  WholeRun run(SmallScenario(), Mode::kDdpCrc);
  CheckReceive(&run);
  CheckInterrupts(&run);
  CheckSend(&run);
  CheckProtocol(&run, false);
  CheckBlockLayer(&run, 60, 65536);
  const UlpDdpStats& driver = run.kernel().ulp_ddp_stats();
  CHECK(driver.setup == 60);
  CHECK(run.Units(Cost::kDdpSetup) == 60);
  CHECK(run.Units(Cost::kDdpTeardown) == 60);
  CHECK(run.Units(Cost::kDdpInvDone) == 60);
  // A buffer of whole pages that lie side by side is one entry of the scatter list.
  CHECK(run.Units(Cost::kDdpMapSg) == run.Units(Cost::kDdpUnmapSg));
  const int64_t entries = run.Units(Cost::kDdpMapSg) / 60;
  CHECK(run.Units(Cost::kDdpMapSg) == entries * 60);
  CHECK(entries >= 1);
  CHECK(entries <= 16);
  CHECK(run.Units(Cost::kDdpPostWqebb) ==
        60 * (MapWqebbs(static_cast<uint32_t>(entries)) + kInvalidateWqebbs));
  CHECK(run.Units(Cost::kRxCqe128) == run.nic().rx_packets);
  CHECK(run.Units(Cost::kDdpRebuild) == Int(driver.packets));
  CHECK(run.Units(Cost::kDdpRebuildFrag) >= Int(driver.packets));
  CHECK(run.Units(Cost::kCopySkipCheck) > 0);
  CHECK(run.Units(Cost::kDdpResync) == 0);
  CHECK(run.Units(Cost::kDdpResyncRequest) == 0);
  // Only what no queue of the offload reads is copied and summed.
  CHECK(run.Units(Cost::kCopyByteLlc) + run.Units(Cost::kCopyByteDram) ==
        Int(run.all().copied_bytes));
  CHECK(Int(run.io().copied_bytes) == 0);
  CHECK(run.Units(Cost::kCrcCall) == Int(run.all().c2h_data - run.io().c2h_data) + kConnects);
  CHECK(run.Units(Cost::kMmio, CpuContext::kUser) >=
        run.Units(Cost::kDriverXmit, CpuContext::kUser) + 60);
}

TEST_CASE("a write charges each H2CData PDU, byte summed and digest once") {
  Scenario scenario = SmallScenario();
  scenario.workload.rw = settings::ReadWrite::kRandWrite;
  WholeRun run(scenario, Mode::kSoftware);
  CheckReceive(&run);
  CheckInterrupts(&run);
  CheckSend(&run);
  CheckProtocol(&run, false);
  CheckBlockLayer(&run, 60, 65536);
  CHECK(Int(run.io().h2c_data) >= 60);
  const int64_t read = Int(run.all().payload_bytes);
  CHECK(run.Units(Cost::kCrcByte) + run.Units(Cost::kCrcByteDram) ==
        60 * 65536 + read + kConnects * kConnectData);
  CHECK(run.Units(Cost::kCrcCall) == Int(run.io().h2c_data + run.all().c2h_data) + kConnects);
  // The header, sixteen pages and the digest of each PDU.
  CHECK(run.Units(Cost::kSendMsg) >= Int(run.io().h2c_data) * 2 + 60 * 16);
}

TEST_CASE(
    "losses charge what is out of order, recovered by timer, asked, answered and summed again") {
  Scenario scenario = SmallScenario(300);
  scenario.network.c2h.loss.model = settings::LossModelKind::kBernoulli;
  scenario.network.c2h.loss.probability = 0.02;
  scenario.network.h2c.loss.model = settings::LossModelKind::kBernoulli;
  scenario.network.h2c.loss.probability = 0.02;
  WholeRun run(scenario, Mode::kDdpCrc);
  const SocketSums sockets = SumsOf(&run);
  CHECK(sockets.out_of_order > 0);
  CHECK(run.Units(Cost::kTcpOutOfOrder) > 0);
  CHECK(run.Units(Cost::kTcpOutOfOrder) <= sockets.skbs);
  CHECK(run.Units(Cost::kTcpTimer) > 0);
  const UlpDdpStats& driver = run.kernel().ulp_ddp_stats();
  CHECK(driver.resync > 0);
  CHECK(run.Units(Cost::kDdpResyncRequest) == Int(driver.resync));
  CHECK(run.Units(Cost::kDdpResync) == Int(run.io().resync_responses));
  CHECK(run.Units(Cost::kDdpResync) > 0);
  const int64_t entries = run.Units(Cost::kDdpMapSg) / run.Units(Cost::kDdpSetup);
  CHECK(run.Units(Cost::kDdpPostWqebb) ==
        run.Units(Cost::kDdpSetup) * MapWqebbs(static_cast<uint32_t>(entries)) +
            run.Units(Cost::kDdpTeardown) * kInvalidateWqebbs +
            run.Units(Cost::kDdpResync) * kStaticParamsWqebbs);
  // The second pass over a request some of whose digest bits were missing.
  CHECK(run.all().digests_recalculated > 0);
  CHECK(run.Units(Cost::kCrcCall) == Int(run.all().digests_by_software) + kConnects);
}

TEST_CASE("the CPU sums up the bytes of a segment that the NIC found wrong") {
  Scenario scenario = SmallScenario();
  scenario.network.c2h.corrupt.probability = 0.01;
  WholeRun run(scenario, Mode::kSoftware);
  CHECK(run.nic().rx_bad_checksum > 0);
  CHECK(run.Units(Cost::kTcpChecksum) >= run.nic().rx_bad_checksum * 20);
  CHECK(run.Units(Cost::kTcpChecksum) <= run.nic().rx_bad_checksum * 1480);
}

}  // namespace ddpsim
