// Where a value lies between the ends of its setting's range, as 0..1: what "the lowest tenth" of a
// range means. A range that spans more than three orders of magnitude is measured by logarithm: of
// 0..1,000,000 us the middle is 1 ms, not half a second.
#ifndef DDPSIM_SIM_VALIDATE_SETTING_SCALE_H_
#define DDPSIM_SIM_VALIDATE_SETTING_SCALE_H_

#include <algorithm>
#include <cmath>

namespace ddpsim {

class SettingScale {
 public:
  SettingScale(double min, double max)
      : min_(min), span_(max - min), log_(span_ > kWide && -min < max / 2) {}

  double PositionOf(double value) const {
    if (span_ <= 0) return 0;
    const double above = std::max(0.0, value - min_);
    return std::min(1.0, log_ ? std::log1p(above) / std::log1p(span_) : above / span_);
  }
  double ValueAt(double position) const {
    const double above = log_ ? std::expm1(position * std::log1p(span_)) : position * span_;
    return min_ + std::min(span_, above);
  }

 private:
  static constexpr double kWide = 1000;
  double min_;
  double span_;
  bool log_;
};

inline constexpr double kOuterTenth = 0.1;
inline bool InLowestTenth(double position) { return position <= kOuterTenth; }
inline bool InHighestTenth(double position) { return position >= 1 - kOuterTenth; }

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_SETTING_SCALE_H_
