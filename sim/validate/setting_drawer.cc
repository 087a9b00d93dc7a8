#include "sim/validate/setting_drawer.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sim/system/cost_profile.h"
#include "sim/validate/setting_scale.h"

namespace ddpsim {
namespace {

constexpr int64_t kMaxListed = 4;  // elements of a list that is drawn

int64_t Clamped(double value, Range<int64_t> range) {
  // A double next to INT64_MAX is above it.
  if (value >= static_cast<double>(range.max)) return range.max;
  return std::max(range.min, static_cast<int64_t>(value));
}

}  // namespace

Draw SettingDrawer::HowFor(const std::string& pointer) {
  const auto named = plan_.settings.find(pointer);
  if (named != plan_.settings.end()) return named->second;
  if (plan_.everything) {
    const double u = dice_.Unit();
    if (u < 0.40) return Draw::kKeep;
    if (u < 0.75) return Draw::kPlausible;
    if (u < 0.85) return Draw::kAnywhere;
    return u < 0.94 ? Draw::kOuter : Draw::kEdge;
  }
  const bool new_element = new_elements_ && absl::StrContains(pointer, "/*/");
  return fresh_ || new_element ? Draw::kPlausible : Draw::kKeep;
}

bool SettingDrawer::Wanted(const std::string& pointer) const {
  const auto next = plan_.settings.lower_bound(pointer);
  return next != plan_.settings.end() &&
         (next->first == pointer || absl::StartsWith(next->first, absl::StrCat(pointer, "/")));
}

int64_t SettingDrawer::Rounded(int64_t value, Range<int64_t> range) {
  const double u = dice_.Unit();
  const int64_t unit = u < 0.35 ? 0 : u < 0.65 ? 4096 : u < 0.8 ? 512 : u < 0.92 ? 4 : 1;
  if (unit == 0) {
    int64_t power = 1;
    while (power <= value / 2) power *= 2;
    return std::clamp(power, range.min, range.max);
  }
  if (value < unit) return value;
  return std::clamp(value / unit * unit, range.min, range.max);
}

double SettingDrawer::PlausibleNumber(double value, Range<double> range) {
  constexpr double kAround = 8;
  if (range.max <= 1) return std::min(range.max, std::pow(10, -4 + 3 * dice_.Unit()));  // a chance
  if (value > range.min && value > 0)
    return std::clamp(value * std::pow(kAround, 2 * dice_.Unit() - 1), range.min, range.max);
  return SettingScale(range.min, range.max).ValueAt(0.6 * dice_.Unit());
}

double SettingDrawer::Real(Draw how, double value, Range<double> range) {
  const SettingScale scale(range.min, range.max);
  switch (how) {
    case Draw::kKeep:
      return value;
    case Draw::kPlausible:
      return PlausibleNumber(value, range);
    case Draw::kAnywhere:
      return scale.ValueAt(dice_.Unit());
    case Draw::kOuter: {
      const double within = kOuterTenth * dice_.Unit();
      return scale.ValueAt(dice_.Chance(0.5) ? within : 1 - within);
    }
    case Draw::kEdge:
      return dice_.Chance(0.5) ? range.min : range.max;
  }
  return value;
}

int64_t SettingDrawer::Whole(Draw how, int64_t value, Range<int64_t> range) {
  if (how == Draw::kKeep) return value;
  if (how == Draw::kEdge) {
    const int64_t neighbour = dice_.Chance(0.3) && range.max > range.min ? 1 : 0;
    return dice_.Chance(0.5) ? range.min + neighbour : range.max - neighbour;
  }
  return Clamped(std::round(Real(how, static_cast<double>(value),
                                 {static_cast<double>(range.min), static_cast<double>(range.max)})),
                 range);
}

void SettingDrawer::OnInteger(const std::string& pointer, int64_t& value, Range<int64_t> range) {
  const Draw how = HowFor(pointer);
  const int64_t drawn = Whole(how, value, range);
  const bool rounded = how != Draw::kKeep && how != Draw::kEdge && dice_.Chance(0.4);
  value = rounded ? Rounded(drawn, range) : drawn;
}

void SettingDrawer::OnBytes(const std::string& pointer, int64_t& value, Range<int64_t> range) {
  const Draw how = HowFor(pointer);
  const int64_t drawn = Whole(how, value, range);
  value = how == Draw::kKeep || how == Draw::kEdge ? drawn : Rounded(drawn, range);
}

void SettingDrawer::OnNumber(const std::string& pointer, double& value, Range<double> range) {
  value = Real(HowFor(pointer), value, range);
}

void SettingDrawer::OnBoolean(const std::string& pointer, bool& value) {
  if (HowFor(pointer) != Draw::kKeep) value = !value;
}

void SettingDrawer::OnText(const std::string& pointer, std::string& value) {
  if (pointer != "/host/cpu/profile" || HowFor(pointer) == Draw::kKeep) return;
  value = dice_.OneOf(CostProfileNames());
}

void SettingDrawer::OnWord(const std::string& pointer, size_t& index, const SettingWords& words) {
  const auto forced = plan_.words.find(pointer);
  if (forced != plan_.words.end()) {
    const auto word = std::find(words.begin(), words.end(), forced->second);
    if (word != words.end()) index = static_cast<size_t>(word - words.begin());
    return;
  }
  if (HowFor(pointer) == Draw::kKeep) return;
  index = static_cast<size_t>(dice_.Of(0, static_cast<int64_t>(words.size()) - 1));
}

void SettingDrawer::OnWords(const std::string& pointer, std::vector<size_t>& indices,
                            const SettingWords& words) {
  if (HowFor(pointer) == Draw::kKeep) return;
  indices = {static_cast<size_t>(dice_.Of(0, static_cast<int64_t>(words.size()) - 1))};
}

void SettingDrawer::OnIntegers(const std::string& pointer, std::vector<int64_t>& values,
                               Range<int64_t> range) {
  Draw how = HowFor(pointer);
  if (how == Draw::kKeep && required_ && values.empty()) how = Draw::kPlausible;
  if (how == Draw::kKeep) return;
  values.clear();
  // All lists of the schema that have an order are ascending, each once.
  for (int64_t i = dice_.Of(1, kMaxListed); i > 0; --i)
    values.push_back(Whole(how, std::max<int64_t>(range.min, 20), range));
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

size_t SettingDrawer::OnGroups(const std::string& pointer, size_t size) {
  new_elements_ = false;
  const bool drawn = Wanted(pointer) || (plan_.everything && dice_.Chance(0.15));
  if (size > 0 || (!drawn && !required_)) return size;
  new_elements_ = true;
  return static_cast<size_t>(dice_.Of(1, kMaxListed));
}

bool SettingDrawer::BeginCase(const std::string& tag, const std::string&, bool active,
                              Presence presence) {
  required_ = active && presence == Presence::kRequired;
  fresh_ = required_ && plan_.words.count(tag) > 0;
  return active;
}

void SettingDrawer::EndCase() { required_ = fresh_ = false; }

}  // namespace ddpsim
