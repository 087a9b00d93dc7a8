// Simulated time: 64-bit integer picoseconds, both for instants (since the start of the run) and
// for durations. 1 ps resolves a byte at 800 Gb/s (10 ps); 63 bits last 106 days. Left out: any
// link to wall-clock time. Invariant: plain integer arithmetic, so equal on every machine.
#ifndef DDPSIM_BASE_SIM_TIME_H_
#define DDPSIM_BASE_SIM_TIME_H_

#include <cstdint>
#include <limits>

namespace ddpsim {

class SimTime {
 public:
  constexpr SimTime() = default;
  static constexpr SimTime Ps(int64_t v) { return SimTime(v); }
  static constexpr SimTime Ns(int64_t v) { return SimTime(v * 1'000); }
  static constexpr SimTime Us(int64_t v) { return SimTime(v * 1'000'000); }
  static constexpr SimTime Ms(int64_t v) { return SimTime(v * 1'000'000'000); }
  static constexpr SimTime Sec(int64_t v) { return SimTime(v * 1'000'000'000'000); }
  static constexpr SimTime Zero() { return SimTime(0); }
  // Later than every instant of a run: "no deadline".
  static constexpr SimTime Never() { return SimTime(std::numeric_limits<int64_t>::max()); }

  constexpr int64_t ps() const { return ps_; }
  constexpr int64_t ns() const { return ps_ / 1'000; }
  constexpr int64_t us() const { return ps_ / 1'000'000; }
  constexpr int64_t ms() const { return ps_ / 1'000'000'000; }
  constexpr double seconds() const { return static_cast<double>(ps_) * 1e-12; }
  constexpr bool is_never() const { return *this == Never(); }

  constexpr SimTime& operator+=(SimTime o) {
    ps_ += o.ps_;
    return *this;
  }
  constexpr SimTime& operator-=(SimTime o) {
    ps_ -= o.ps_;
    return *this;
  }
  friend constexpr SimTime operator+(SimTime a, SimTime b) { return SimTime(a.ps_ + b.ps_); }
  friend constexpr SimTime operator-(SimTime a, SimTime b) { return SimTime(a.ps_ - b.ps_); }
  friend constexpr SimTime operator*(SimTime a, int64_t k) { return SimTime(a.ps_ * k); }
  friend constexpr SimTime operator*(int64_t k, SimTime a) { return SimTime(a.ps_ * k); }
  friend constexpr SimTime operator/(SimTime a, int64_t k) { return SimTime(a.ps_ / k); }
  friend constexpr int64_t operator/(SimTime a, SimTime b) { return a.ps_ / b.ps_; }
  friend constexpr bool operator==(SimTime a, SimTime b) { return a.ps_ == b.ps_; }
  friend constexpr bool operator!=(SimTime a, SimTime b) { return a.ps_ != b.ps_; }
  friend constexpr bool operator<(SimTime a, SimTime b) { return a.ps_ < b.ps_; }
  friend constexpr bool operator<=(SimTime a, SimTime b) { return a.ps_ <= b.ps_; }
  friend constexpr bool operator>(SimTime a, SimTime b) { return a.ps_ > b.ps_; }
  friend constexpr bool operator>=(SimTime a, SimTime b) { return a.ps_ >= b.ps_; }

 private:
  explicit constexpr SimTime(int64_t ps) : ps_(ps) {}
  int64_t ps_ = 0;
};

inline namespace time_literals {
constexpr SimTime operator""_ps(unsigned long long v) {
  return SimTime::Ps(static_cast<int64_t>(v));
}
constexpr SimTime operator""_ns(unsigned long long v) {
  return SimTime::Ns(static_cast<int64_t>(v));
}
constexpr SimTime operator""_us(unsigned long long v) {
  return SimTime::Us(static_cast<int64_t>(v));
}
constexpr SimTime operator""_ms(unsigned long long v) {
  return SimTime::Ms(static_cast<int64_t>(v));
}
constexpr SimTime operator""_s(unsigned long long v) {
  return SimTime::Sec(static_cast<int64_t>(v));
}
}  // namespace time_literals

// Time on the wire of `bytes` at `gbps` Gbit/s, rounded up to a whole picosecond.
constexpr SimTime SerializationTime(int64_t bytes, int64_t gbps) {
  return SimTime::Ps((bytes * 8'000 + gbps - 1) / gbps);
}

}  // namespace ddpsim

#endif  // DDPSIM_BASE_SIM_TIME_H_
