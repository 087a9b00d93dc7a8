#include "sim/validate/efficiency_suite.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sim/validate/trial.h"

namespace ddpsim {
namespace {

constexpr int64_t kSeeds = 12;
constexpr double kMss = 1448;
constexpr int64_t kBs = 64 << 10;

Trial LossTrial(double probability, int64_t seed) {
  Trial trial;
  trial.group = "efficiency";
  trial.test = absl::StrCat("loss ", probability, " seed ", seed);
  Scenario& s = trial.scenario;
  s.seed = seed;
  s.compare = {Mode::kDdpCrc};
  s.workload.bs = kBs;
  s.workload.total_ios = 400;
  s.network.c2h.loss.model = settings::LossModelKind::kBernoulli;
  s.network.c2h.loss.probability = probability;
  s.host.nic.offload.search = settings::HeaderSearch::kAnyOffset;
  return trial;
}

std::string Outside(const char* what, double is, const Band& band) {
  if (is >= band.low && is <= band.high) return "";
  return absl::StrCat(what, ": ", is, ", expected between ", band.low, " and ", band.high, "; ");
}

// The seeds of one loss rate together.
CaseResult Judge(double probability, const std::vector<TrialOutcome>& outcomes, size_t first) {
  CaseResult result;
  result.group = "efficiency";
  result.test = absl::StrCat("loss ", probability);
  NamedCounts sum;
  for (size_t i = first; i < first + kSeeds && i < outcomes.size(); ++i) {
    result.seconds += outcomes[i].seconds;
    if (!outcomes[i].passed && result.law.empty()) {
      result.law = outcomes[i].law;
      result.detail = outcomes[i].detail;
    }
    for (const auto& [name, count] : outcomes[i].figures) sum[name] += count;
  }
  if (!result.law.empty()) return result;
  const auto share = [&sum](const char* part, double whole) {
    return whole > 0 ? static_cast<double>(sum[part]) / whole : 0;
  };
  const auto payload = static_cast<double>(sum["payload_bytes"]);
  const double packets = std::ceil(static_cast<double>(kBs) / kMss);
  // What is in flight when a header is lost (TCP under that loss: Mathis et al. 1997), until the
  // retransmission has been read; then up to two PDUs to the next border.
  const double window = std::min(32 * packets, 1.5 / std::sqrt(probability));
  result.detail =
      Outside("placed", share("placed_bytes", payload),
              PlacedBand(probability, packets, 2 * window + 2 * packets)) +
      Outside("verified", share("pdus_crc_offloaded", payload / static_cast<double>(kBs)),
              VerifiedBand(probability, packets));
  result.passed = result.detail.empty();
  if (!result.passed) result.law = "figures";
  return result;
}

}  // namespace

Band PlacedBand(double probability, double packets, double outage_packets) {
  // A lost packet comes again and is bypassed; the next header after a hole may cost one more.
  const double own = 2 * probability;
  const double header_lost = probability / packets;
  return {1 - own - header_lost * outage_packets, 1 - 0.5 * probability};
}

Band VerifiedBand(double probability, double packets) {
  const auto untouched = [probability](double n) { return std::pow(1 - probability, n); };
  // One packet before and one behind share bytes with it; a tenth is for outages and chance.
  return {untouched(packets + 2) - 0.1 * untouched(packets) - 0.02, untouched(packets - 1) + 0.05};
}

void EfficiencySuite(const Workers& workers, ValidateReport* report) {
  const std::vector<double> rates = {0.001, 0.01, 0.05};
  std::vector<Trial> trials;
  for (double rate : rates) {
    for (int64_t seed = 1; seed <= kSeeds; ++seed) trials.push_back(LossTrial(rate, seed));
  }
  report->planned = rates.size();
  const std::vector<TrialOutcome> outcomes = RunTrials(trials, workers);
  if (outcomes.size() < trials.size()) return;
  for (size_t i = 0; i < rates.size(); ++i)
    report->cases.push_back(Judge(rates[i], outcomes, i * kSeeds));
}

}  // namespace ddpsim
