#include "sim/validate/run_cost.h"

#include <algorithm>

namespace ddpsim {
namespace {

using settings::WorkloadConfig;

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kMaxInFlight = 64 * kMiB;  // buffers are real memory
constexpr int64_t kMaxIos = 2000;
constexpr double kMaxPdus = 4e6;
constexpr int64_t kNeverReached = 1'000'000;
constexpr int64_t kMaxQueues = 16;
// 0.1 ms and 9 KiB each.
constexpr int64_t kMaxConnections = 100'000;
// A host of one core takes some 2 GB/s (README.md's table: 15 Gb/s); many cores more.
constexpr int64_t kBytesPerMs = 4 * kMiB;
// Keep-alives alone: one per half KATO, for hours.
constexpr int64_t kMaxRuntimeMs = 3'600'000;

// The working set: bs x iodepth x numjobs. Which of them stays as it was drawn is drawn.
void BoundInFlight(WorkloadConfig* load, Dice* dice) {
  int64_t* factors[] = {&load->iodepth, &load->numjobs, &load->bs};
  for (int i = 2; i > 0; --i) std::swap(factors[i], factors[dice->Of(0, i)]);
  for (int64_t* factor : factors) {
    const int64_t least = factor == &load->bs ? 512 : 1;
    const auto too_much = [load] {
      return static_cast<double>(load->bs) * static_cast<double>(load->iodepth) *
                 static_cast<double>(load->numjobs) >
             kMaxInFlight;
    };
    while (too_much() && *factor > least) *factor = std::max(least, *factor / 2);
    if (factor == &load->bs) load->bs = std::max<int64_t>(512, load->bs / 512 * 512);
  }
}

// Runs that time ends: how much passes in it.
bool TimeBounds(const Scenario& s, int64_t budget) {
  const WorkloadConfig& load = s.workload;
  if (load.runtime_ms == 0 || load.runtime_ms > kMaxRuntimeMs) return false;
  const double round_us =
      std::max(1.0, 2 * s.network.delay_us + std::min(s.target.latency_us.mean, 1e7));
  const double rounds = 1 + static_cast<double>(load.runtime_ms) * 1000 / round_us;
  const double ios = rounds * static_cast<double>(load.iodepth * load.numjobs);
  const double bytes = std::min(ios * static_cast<double>(load.bs),
                                static_cast<double>(load.runtime_ms * kBytesPerMs));
  return bytes <= static_cast<double>(budget) && ios <= static_cast<double>(kMaxIos);
}

// A C2HData PDU costs as much as a packet, however small it is, and where its digest is refused
// each attempt pays for all of them.
void BoundPdus(int64_t byte_budget, Scenario* s, Dice* dice) {
  int64_t& chunk = s->target.c2h_chunk;
  int64_t& retries = s->host.nvme.max_retries;
  if (chunk == 0) return;
  const auto too_many = [&] {
    return static_cast<double>(byte_budget) / static_cast<double>(chunk) *
               (1.0 + static_cast<double>(retries)) >
           kMaxPdus;
  };
  if (too_many() && dice->Chance(0.5)) retries = std::min<int64_t>(retries, 2);
  while (too_many()) chunk *= 2;
}

// A network that corrupts much has each try to reconnect set up queues anew, until ctrl_loss_tmo.
void BoundConnections(settings::NvmeConfig* nvme, Dice* dice) {
  const int64_t delay_s = std::max<int64_t>(1, nvme->reconnect_delay_ms / 1000);
  const auto too_many = [&] {
    return nvme->queues * (1 + nvme->ctrl_loss_tmo / delay_s) > kMaxConnections;
  };
  if (!too_many()) return;
  const bool fewer_queues = dice->Chance(0.25);
  while (too_many()) {
    int64_t& most = fewer_queues ? nvme->queues : nvme->ctrl_loss_tmo;
    most /= 2;
  }
}

}  // namespace

int64_t DrawByteBudget(Dice* dice) { return dice->Chance(1.0 / 16) ? 32 * kMiB : 4 * kMiB; }

void BoundCost(int64_t byte_budget, Scenario* scenario, Dice* dice) {
  WorkloadConfig& load = scenario->workload;
  BoundInFlight(&load, dice);
  load.size = std::max(load.size, load.bs);
  const int64_t most = std::clamp<int64_t>(byte_budget / load.bs, 1, kMaxIos);
  load.ramp_ios = std::min(load.ramp_ios, most / 2);
  if (load.total_ios > most || (load.total_ios == 0 && !TimeBounds(*scenario, byte_budget))) {
    // More than could ever be run: then it is time that ends it.
    const bool by_time = load.total_ios > kNeverReached;
    if (by_time) load.runtime_ms = dice->Of(1, 4);
    if (!by_time || !TimeBounds(*scenario, byte_budget)) load.total_ios = most;
  }
  // Set-up of a connection costs two milliseconds, 4,096 of them ten seconds: now and then.
  const bool many = dice->Chance(0.1);
  if (!many) scenario->host.nvme.queues = std::min(scenario->host.nvme.queues, kMaxQueues);
  BoundPdus(std::max(byte_budget, load.bs), scenario, dice);
  BoundConnections(&scenario->host.nvme, dice);
}

}  // namespace ddpsim
