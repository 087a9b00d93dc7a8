// Dynamic interrupt moderation of one receive queue: measures bytes, packets and events over
// windows of 64 events and walks along a list of profiles while that helps. Mirrors net_dim()
// (Linux 6.1 lib/dim/net_dim.c, dim.c) with the profiles of DIM_CQ_PERIOD_MODE_START_FROM_CQE,
// mlx5's default mode. Left out: the send side's DIM, RDMA's. Invariant: after OnSample() said that
// the profile changed, samples are ignored until OnApplied().
#ifndef DDPSIM_MODELS_KERNEL_DIM_H_
#define DDPSIM_MODELS_KERNEL_DIM_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

struct CqModeration {
  uint32_t usecs = 0;
  uint32_t frames = 0;
};

// Counters of a queue since it was opened.
struct DimSample {
  SimTime at;
  uint64_t events = 0;  // interrupts
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

class Dim {
 public:
  // At the end of a poll. True: moderation() is a new one and is to be applied.
  bool OnSample(const DimSample& sample);
  void OnApplied() { state_ = State::kStartMeasure; }
  CqModeration moderation() const;

 private:
  enum class State : uint8_t { kStartMeasure, kMeasuring, kApplying };
  enum class Tune : uint8_t { kParkingOnTop, kParkingTired, kGoingRight, kGoingLeft };
  enum class Step : uint8_t { kStepped, kTooTired, kOnEdge };
  enum class Compared : uint8_t { kSame, kWorse, kBetter };
  struct Rates {  // per millisecond
    int64_t packets = 0;
    int64_t bytes = 0;
    int64_t events = 0;
  };

  static Compared Compare(const Rates& now, const Rates& before);
  // True: the profile changed.
  bool Decide(const Rates& rates);
  void Tend(const Rates& rates);
  Step TakeStep();
  bool OnTop() const;
  void Park(Tune how);
  void ExitParking();

  State state_ = State::kStartMeasure;
  // DIM_PARKING_ON_TOP is 0, the state of a queue that was just opened.
  Tune tune_ = Tune::kParkingOnTop;
  uint8_t profile_ = 1;  // NET_DIM_DEF_PROFILE_CQE
  uint8_t steps_right_ = 0;
  uint8_t steps_left_ = 0;
  uint8_t tired_ = 0;
  DimSample start_;
  Rates before_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_DIM_H_
