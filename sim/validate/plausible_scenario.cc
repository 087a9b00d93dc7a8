#include "sim/validate/plausible_scenario.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sim/validate/dice.h"

namespace ddpsim {
namespace {

using settings::Content;
using settings::CorruptConfig;
using settings::CorruptField;
using settings::FaultConfig;
using settings::HeaderSearch;
using settings::HostConfig;
using settings::LatencyDistribution;
using settings::LossConfig;
using settings::LossModelKind;
using settings::LossRange;
using settings::LossUnit;
using settings::NetworkConfig;
using settings::NicConfig;
using settings::NicDriver;
using settings::NvmeConfig;
using settings::OffloadConfig;
using settings::PduField;
using settings::ReadWrite;
using settings::ResyncAnswer;
using settings::TargetConfig;
using settings::TargetKind;
using settings::WorkloadConfig;

constexpr int64_t kBytesPerRun = 3 << 20;  // a run takes some tens of milliseconds

void DrawLoad(Dice& dice, Scenario* s) {
  WorkloadConfig& load = s->workload;
  load.rw = dice.Chance(0.5)   ? dice.Pick({ReadWrite::kWrite, ReadWrite::kRandWrite})
            : dice.Chance(0.5) ? ReadWrite::kRandRead
                               : ReadWrite::kRead;
  load.bs = dice.Pick<int64_t>({4096, 8192, 16384, 32768, 32768, 65536, 65536, 131072, 262144});
  if (dice.Chance(0.25)) load.bs = 512 * dice.Of(1, 400);
  load.numjobs = dice.Pick<int64_t>({1, 1, 2, 3});
  load.iodepth = std::clamp<int64_t>(dice.Pick<int64_t>({1, 2, 4, 8, 16, 32}), 1,
                                     std::max<int64_t>(1, kBytesPerRun / 6 / load.bs));
  const int64_t in_flight = load.numjobs * load.iodepth;
  load.total_ios = std::max<int64_t>(6 * in_flight, std::min<int64_t>(kBytesPerRun / load.bs, 120));
  load.size = std::max<int64_t>(int64_t{64} << 20, load.bs);
  load.content = dice.Pick({Content::kPattern, Content::kPattern, Content::kFakeHeaders,
                            Content::kFakeHeaders, Content::kRandom, Content::kZero});
}

void DrawHost(Dice& dice, Scenario* s) {
  HostConfig& host = s->host;
  host.cpu.cores = dice.Of(1, 3);
  host.nvme.queues = std::min<int64_t>(s->workload.numjobs, dice.Of(1, 3));
  host.nvme.queue_size = dice.Pick<int64_t>({16, 32, 128});
  host.nvme.header_digest = dice.Chance(0.4);
  host.nvme.data_digest = dice.Chance(0.75);
  host.nvme.reconnect_delay_ms = 10;
  host.tcp.gro = dice.Chance(0.9);
  host.tcp.sack = dice.Chance(0.9);
  host.tcp.timestamps = dice.Chance(0.85);
  NicConfig& nic = host.nic;
  nic.driver = static_cast<NicDriver>(dice.Of(0, static_cast<int64_t>(NicDriver::kV30)));
  nic.rx_ring = dice.Pick<int64_t>({64, 256, 1024, 1024});
  nic.rx_usecs = dice.Pick<int64_t>({0, 3, 16, 64});
  nic.rx_frames = dice.Pick<int64_t>({1, 8, 32, 128});
  nic.napi_budget = dice.Pick<int64_t>({4, 64, 64});
  nic.rx_latency_ns = dice.Of(0, 2000);
  OffloadConfig& offload = nic.offload;
  offload.io_threshold = dice.Pick<int64_t>({0, 0, 4096, 32768});
  offload.search = dice.Chance(0.6) ? HeaderSearch::kAnyOffset : HeaderSearch::kPacketStart;
  offload.ddp_across_data_gap = dice.Chance(0.6);
  offload.max_pdu_bytes = dice.Pick<int64_t>({1 << 20, 16 << 20});
  offload.resync_answer = dice.Chance(0.85) ? ResyncAnswer::kExact : ResyncAnswer::kAtOrAfter;
  // Answers that come at once, as on the real thing, or too late to be of use.
  offload.umr_latency_ns = dice.Pick<int64_t>({0, 200, 1000, 1000, 20'000, 300'000});
  offload.umr_klm_latency_ns = dice.Pick<int64_t>({0, 8, 200});
}

void DrawLoss(Dice& dice, const Scenario& s, LossConfig* loss) {
  const int64_t packets = 4 + s.workload.total_ios * s.workload.bs / s.network.mtu;
  loss->model =
      dice.Pick({LossModelKind::kBernoulli, LossModelKind::kGilbertElliott, LossModelKind::kList,
                 LossModelKind::kRanges, LossModelKind::kPdu, LossModelKind::kPdu});
  loss->unit = dice.Chance(0.1) ? LossUnit::kSkb : LossUnit::kFrame;
  loss->probability = dice.Pick({0.001, 0.005, 0.02, 0.05});
  loss->p_good_to_bad = dice.Pick({0.001, 0.01});
  // A burst is counted in packets: one in which nothing passes, met by a sender that backs off,
  // must end before the run is taken for stalled.
  loss->loss_bad = dice.Pick({0.5, 1.0});
  loss->p_bad_to_good = loss->loss_bad < 1 ? dice.Pick({0.1, 0.3}) : 0.5;
  for (int64_t i = dice.Of(1, 8), at = 0; i > 0; --i) {
    at += dice.Of(1, std::max<int64_t>(2, packets / 6));
    loss->packets.push_back(at);
  }
  for (int64_t i = dice.Of(1, 4); i > 0; --i) {
    LossRange range;
    range.connection = dice.Of(1, s.host.nvme.queues);
    range.from = dice.Of(300, std::max<int64_t>(2000, packets * s.network.mtu / 2));
    range.to = range.from + dice.Of(1, 3 * s.network.mtu);
    range.times = dice.Of(1, 3);
    loss->ranges.push_back(range);
  }
  loss->field = dice.Pick({PduField::kHeader, PduField::kHeader, PduField::kData});
  if (s.host.nvme.data_digest && dice.Chance(0.25)) loss->field = PduField::kDigest;
  loss->every = dice.Of(2, 12);
  const int64_t field = loss->field == PduField::kHeader   ? 24
                        : loss->field == PduField::kDigest ? 4
                                                           : s.workload.bs;
  loss->offset = dice.Of(0, field - 1);
  loss->times = dice.Chance(0.2) ? 2 : 1;
}

void DrawFaults(Dice& dice, const Scenario& s, FaultConfig* faults) {
  if (dice.Chance(0.75)) DrawLoss(dice, s, &faults->loss);
  if (dice.Chance(0.3)) {
    faults->reorder.probability = dice.Pick({0.002, 0.01, 0.05});
    faults->reorder.delay_us = static_cast<double>(dice.Of(1, 60));
  }
  if (dice.Chance(0.2)) faults->duplicate.probability = dice.Pick({0.002, 0.02});
  if (!dice.Chance(0.2)) return;
  CorruptConfig& corrupt = faults->corrupt;
  corrupt.probability = dice.Pick({0.0005, 0.003});
  // With the checksum made right again only digests stand between a flipped bit and the user.
  const NvmeConfig& nvme = s.host.nvme;
  corrupt.fix_checksum = nvme.data_digest && dice.Chance(0.6);
  if (!corrupt.fix_checksum) return;
  corrupt.field = dice.Pick({CorruptField::kData, CorruptField::kDigest});
}

// Answers of the host that get lost or come late.
void DrawAnswers(Dice& dice, Scenario* s) {
  settings::ResyncFaultsConfig& faults = s->host.nic.offload.resync_faults;
  if (dice.Chance(0.2)) faults.loss = dice.Pick({0.2, 0.5});
  if (!dice.Chance(0.2)) return;
  faults.late = dice.Pick({0.3, 0.8});
  faults.delay_us = static_cast<double>(dice.Pick<int64_t>({20, 200, 3000}));
}

// A box on the way that cuts the stream anew: joins what came apart, sends again across old
// borders, holds back.
void DrawScript(Dice& dice, Scenario* s) {
  settings::ScriptConfig& script = s->network.c2h.script;
  script.connection = dice.Of(1, s->host.nvme.queues);
  const int64_t most = std::min<int64_t>(s->network.mtu - 80, 3000);
  std::vector<int64_t> cuts = {dice.Of(152, 20'000)};
  for (int64_t i = dice.Of(6, 24); i > 0; --i)
    cuts.push_back(cuts.back() + (dice.Chance(0.3) ? dice.Of(1, 60) : dice.Of(60, most / 2)));
  const double step_us = dice.Pick({0.5, 5.0, 50.0});
  const auto send = [&](int64_t from, int64_t to) {
    script.segments.push_back({cuts[from], cuts[to], step_us});
  };
  const auto last = static_cast<int64_t>(cuts.size()) - 1;
  for (int64_t next = 0; next < last; ++next) {
    if (!dice.Chance(0.25)) send(next, next + 1);
    if (next == 0 || !dice.Chance(0.3)) continue;
    const int64_t old = dice.Of(0, next);
    // Alone or with its neighbour, whichever of them came before.
    send(old, dice.Chance(0.5) && old < next ? old + 2 : old + 1);
  }
}

void DrawNetwork(Dice& dice, Scenario* s) {
  NetworkConfig& network = s->network;
  network.mtu = dice.Pick<int64_t>({1500, 1500, 9000, dice.Of(581, 9000)});
  network.rate_gbps = dice.Pick<int64_t>({10, 25, 100});
  network.delay_us = static_cast<double>(dice.Pick<int64_t>({1, 10, 50}));
  network.pause = dice.Chance(0.9);
  if (dice.Chance(0.92)) DrawFaults(dice, *s, &network.c2h);
  if (dice.Chance(0.3)) DrawFaults(dice, *s, &network.h2c);
  if (dice.Chance(0.15)) DrawScript(dice, s);
  DrawAnswers(dice, s);
  if (dice.Chance(0.3)) s->tie_seed = s->seed + 1;
  // Commands and writes altered under a right checksum end in resets, which are for DrawScenario().
  network.h2c.corrupt.fix_checksum = false;
  network.h2c.corrupt.field = CorruptField::kPayload;
  network.faults_ios = dice.Chance(0.8) ? s->workload.total_ios / 2 : 0;
}

void DrawTarget(Dice& dice, Scenario* s) {
  TargetConfig& target = s->target;
  if (dice.Chance(0.4)) {  // as the loader fills in what SPDK has of its own
    target.kind = TargetKind::kSpdk;
    target.in_capsule_data = 4 << 10;
    target.maxh2cdata = target.mdts = 128 << 10;
  }
  target.latency_us.mean = static_cast<double>(dice.Of(0, 40));
  if (dice.Chance(0.4)) target.latency_us.distribution = LatencyDistribution::kExponential;
  if (dice.Chance(0.25)) target.c2h_chunk = 4 * dice.Of(128, 16384);
}

// As the series is, now and then; else what is mended of it, so that what a defect does hides
// nothing.
void DrawDefects(Scenario* s) {
  Dice dice(s->seed, "validate.defects");
  OffloadConfig& offload = s->host.nic.offload;
  const bool passes_bytes = !offload.ddp_across_data_gap || !s->network.c2h.script.segments.empty();
  offload.sgl_cursor_restarts = !offload.ddp_across_data_gap && dice.Chance(0.7);
  offload.skips_seen_bytes = passes_bytes && dice.Chance(0.7);
  offload.ccid_gen = dice.Chance(0.95);
  const bool nic_verifies = s->compare[0] == Mode::kCrc || s->compare[0] == Mode::kDdpCrc;
  if (nic_verifies && s->host.nvme.data_digest && dice.Chance(0.8)) s->target.c2h_chunk = 0;
}

}  // namespace

Scenario PlausibleScenario(int64_t seed) {
  Dice dice(seed, "validate.scenario");
  Scenario s;
  s.description = absl::StrCat("drawn from seed ", seed);
  s.seed = seed;
  s.compare = {dice.Pick({Mode::kDdpCrc, Mode::kDdpCrc, Mode::kDdpCrc, Mode::kDdp, Mode::kDdp,
                          Mode::kCrc, Mode::kSoftware})};
  DrawLoad(dice, &s);
  DrawHost(dice, &s);
  DrawNetwork(dice, &s);
  DrawTarget(dice, &s);
  DrawDefects(&s);
  return s;
}

}  // namespace ddpsim
