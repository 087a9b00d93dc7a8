#include "models/kernel/dim.h"

#include <array>
#include <cstdlib>

namespace ddpsim {
namespace {

// Linux 6.1 lib/dim/net_dim.c: NET_DIM_RX_CQE_PROFILES.
constexpr std::array<CqModeration, 5> kProfiles = {
    {{2, 256}, {8, 128}, {16, 64}, {32, 64}, {64, 64}}};
constexpr uint64_t kEventsPerWindow = 64;              // DIM_NEVENTS
constexpr uint8_t kTiredAfter = 2 * kProfiles.size();  // NET_DIM_PARAMS_NUM_PROFILES * 2
constexpr int64_t kSignificantPercent = 10;            // IS_SIGNIFICANT_DIFF()

bool Differ(int64_t now, int64_t before) {
  return before != 0 && 100 * std::abs(now - before) / before > kSignificantPercent;
}

int64_t PerMillisecond(uint64_t count, int64_t usecs) {
  return (static_cast<int64_t>(count) * 1000 + usecs - 1) / usecs;
}

}  // namespace

CqModeration Dim::moderation() const { return kProfiles[profile_]; }

bool Dim::OnSample(const DimSample& sample) {
  if (state_ == State::kApplying) return false;
  if (state_ == State::kMeasuring) {
    if (sample.events - start_.events < kEventsPerWindow) return false;
    const int64_t usecs = (sample.at - start_.at).ps() / 1'000'000;
    if (usecs == 0) return false;
    const Rates rates = {PerMillisecond(sample.packets - start_.packets, usecs),
                         PerMillisecond(sample.bytes - start_.bytes, usecs),
                         PerMillisecond(kEventsPerWindow, usecs)};
    if (Decide(rates)) {
      state_ = State::kApplying;
      return true;
    }
  }
  start_ = sample;
  state_ = State::kMeasuring;
  return false;
}

Dim::Compared Dim::Compare(const Rates& now, const Rates& before) {
  if (before.bytes == 0) return now.bytes != 0 ? Compared::kBetter : Compared::kSame;
  if (Differ(now.bytes, before.bytes)) {
    return now.bytes > before.bytes ? Compared::kBetter : Compared::kWorse;
  }
  if (before.packets == 0) return now.packets != 0 ? Compared::kBetter : Compared::kSame;
  if (Differ(now.packets, before.packets)) {
    return now.packets > before.packets ? Compared::kBetter : Compared::kWorse;
  }
  // The same work with fewer interrupts is better.
  if (Differ(now.events, before.events)) {
    return now.events < before.events ? Compared::kBetter : Compared::kWorse;
  }
  return Compared::kSame;
}

bool Dim::Decide(const Rates& rates) {
  const uint8_t profile = profile_;
  const bool was_on_top = tune_ == Tune::kParkingOnTop;
  Tend(rates);
  if (!was_on_top || tune_ != Tune::kParkingOnTop) before_ = rates;
  return profile_ != profile;
}

void Dim::Tend(const Rates& rates) {
  if (tune_ == Tune::kParkingOnTop) {
    if (Compare(rates, before_) != Compared::kSame) ExitParking();
    return;
  }
  if (tune_ == Tune::kParkingTired) {
    if (--tired_ == 0) ExitParking();
    return;
  }
  if (Compare(rates, before_) != Compared::kBetter) {
    const bool right = tune_ == Tune::kGoingRight;
    tune_ = right ? Tune::kGoingLeft : Tune::kGoingRight;
    (right ? steps_left_ : steps_right_) = 0;
  }
  if (OnTop()) return Park(Tune::kParkingOnTop);
  const Step step = TakeStep();
  if (step == Step::kOnEdge) Park(Tune::kParkingOnTop);
  if (step == Step::kTooTired) Park(Tune::kParkingTired);
}

Dim::Step Dim::TakeStep() {
  if (tired_ == kTiredAfter) return Step::kTooTired;
  if (tune_ == Tune::kGoingRight) {
    if (profile_ + 1u == kProfiles.size()) return Step::kOnEdge;
    ++profile_;
    ++steps_right_;
  } else {
    if (profile_ == 0) return Step::kOnEdge;
    --profile_;
    ++steps_left_;
  }
  ++tired_;
  return Step::kStepped;
}

bool Dim::OnTop() const {
  return tune_ == Tune::kGoingRight ? steps_left_ > 1 && steps_right_ == 1
                                    : steps_right_ > 1 && steps_left_ == 1;
}

void Dim::Park(Tune how) {
  steps_right_ = steps_left_ = 0;
  if (how == Tune::kParkingOnTop) tired_ = 0;
  tune_ = how;
}

void Dim::ExitParking() {
  tune_ = profile_ > 0 ? Tune::kGoingLeft : Tune::kGoingRight;
  TakeStep();
}

}  // namespace ddpsim
