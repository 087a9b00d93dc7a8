// The calendar with N owners waiting, each of which waits again when it is woken: up to 67 us ahead
// as the stages of the data path do, or one of its own packets later behind a timer that moves with
// each (RTO). A packet is a wake-up here.
#include "ddpsim/base/calendar.h"

#include <memory>
#include <vector>

#include "ddpsim/base/rng.h"
#include "tests/benchmark/per_packet.h"

namespace ddpsim {
namespace {

class Stage final : public Wakeable {
 public:
  Stage(Calendar* calendar, Rng* rng) : calendar_(calendar), state_(rng->U64()) {}
  void OnDeadline(SimTime now) override { calendar_->Schedule(now + NextDelay(), this); }

  SimTime NextDelay() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;  // cheap beside what is measured
    return SimTime::Ps(static_cast<int64_t>(state_ >> 38));
  }

 private:
  Calendar* calendar_;
  uint64_t state_;
};

class Sender final : public Wakeable {
 public:
  Sender(Calendar* calendar, Rng* rng)
      : stage_(calendar, rng), next_(calendar, this), rto_(calendar, this) {}
  void OnDeadline(SimTime now) override {
    next_.Arm(now + stage_.NextDelay());
    rto_.Arm(now + SimTime::Ms(200));
  }

 private:
  Stage stage_;
  Deadline next_;
  Deadline rto_;
};

template <class Owner>
void Wakes(benchmark::State& state) {
  Calendar calendar;
  Rng rng(1, "calendar");
  std::vector<std::unique_ptr<Owner>> owners;
  for (int64_t i = 0; i < state.range(0); ++i) {
    owners.push_back(std::make_unique<Owner>(&calendar, &rng));
    owners.back()->OnDeadline(SimTime::Zero());
  }
  int64_t wakes = 0;
  SimTime at;
  for (auto _ : state) {
    calendar.PopDue(SimTime::Never() - SimTime::Ps(1), &at)->OnDeadline(at);
    ++wakes;
  }
  ReportPerPacket(state, wakes);
}
BENCHMARK(Wakes<Stage>)->Arg(1)->Arg(10)->Arg(100)->Arg(10000);
BENCHMARK(Wakes<Sender>)->Arg(1)->Arg(10)->Arg(100)->Arg(10000);

}  // namespace
}  // namespace ddpsim
