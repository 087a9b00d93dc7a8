#include "sim/validate/coverage.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sim/validate/setting_list.h"
#include "sim/validate/setting_scale.h"
#include "sim/validate/setting_walker.h"

namespace ddpsim {
namespace {

constexpr char kLowest[] = "lowest tenth";
constexpr char kHighest[] = "highest tenth";

// What a scenario has, setting by setting: a text that names the value (to tell it from the
// default), and under which heads it counts.
struct Seen {
  bool ranged = false;
  std::string value;
  std::vector<std::string> heads;
};
using SeenByPointer = std::map<std::string, Seen>;

class Looker : public SettingHandler {
 public:
  SeenByPointer Take() { return std::move(seen_); }

  void OnInteger(const std::string& pointer, int64_t& value, Range<int64_t> range) override {
    Number(pointer, static_cast<double>(value),
           {static_cast<double>(range.min), static_cast<double>(range.max)}, absl::StrCat(value));
  }
  void OnBytes(const std::string& pointer, int64_t& value, Range<int64_t> range) override {
    OnInteger(pointer, value, range);
  }
  void OnNumber(const std::string& pointer, double& value, Range<double> range) override {
    Number(pointer, value, range, absl::StrCat(value));
  }
  void OnBoolean(const std::string& pointer, bool& value) override {
    Word(pointer, value ? "true" : "false");
  }
  void OnText(const std::string& pointer, std::string& value) override {
    Seen& seen = seen_[pointer];
    seen.value = value;
    seen.heads = {"text"};
  }
  void OnWord(const std::string& pointer, size_t& index, const SettingWords& words) override {
    Word(pointer, words[index]);
  }
  void OnWords(const std::string& pointer, std::vector<size_t>& indices,
               const SettingWords& words) override {
    for (size_t index : indices) Word(pointer, words[index]);
  }
  void OnIntegers(const std::string& pointer, std::vector<int64_t>& values,
                  Range<int64_t> range) override {
    for (int64_t& value : values) OnInteger(pointer, value, range);
  }
  size_t OnGroups(const std::string& pointer, size_t size) override {
    if (size > 0) {
      Seen& seen = seen_[pointer];
      seen.value = "listed";
      seen.heads = {size == 1 ? "one" : "several"};
    }
    return size;
  }
  bool BeginCase(const std::string&, const std::string&, bool active, Presence) override {
    return active;
  }
  void EndCase() override {}

 private:
  void Number(const std::string& pointer, double value, Range<double> range,
              const std::string& text) {
    Seen& seen = seen_[pointer];
    seen.ranged = true;
    absl::StrAppend(&seen.value, text, ";");
    const double at = SettingScale(range.min, range.max).PositionOf(value);
    seen.heads.push_back(InLowestTenth(at) ? kLowest : InHighestTenth(at) ? kHighest : "between");
    if (value <= range.min) seen.heads.push_back("least");
    if (value >= range.max) seen.heads.push_back("most");
  }
  void Word(const std::string& pointer, const std::string& word) {
    Seen& seen = seen_[pointer];
    absl::StrAppend(&seen.value, word, ";");
    seen.heads.push_back(word);
  }

  SeenByPointer seen_;
};

SeenByPointer Look(Scenario scenario) {
  Looker looker;
  WalkSettings(&scenario, &looker);
  return looker.Take();
}

// What differs from the defaults; of settings without a range all, for a word may be drawn and be
// the default's.
SeenByPointer Drawn(const Scenario& scenario) {
  static const SeenByPointer& defaults = *new SeenByPointer(Look(Scenario()));
  SeenByPointer seen = Look(scenario);
  for (auto one = seen.begin(); one != seen.end();) {
    const auto plain = defaults.find(one->first);
    const bool same =
        one->second.ranged && plain != defaults.end() && plain->second.value == one->second.value;
    one = same ? seen.erase(one) : std::next(one);
  }
  return seen;
}

// Not the seed: that differs from run to run, and nothing is extreme about it.
bool IsOuter(const std::string& pointer, const Seen& seen) {
  if (pointer == "/seed") return false;
  for (const std::string& head : seen.heads) {
    if (head == kLowest || head == kHighest) return true;
  }
  return false;
}

}  // namespace

DrawCoverage::DrawCoverage() {
  for (const SettingInfo& info : AllSettings()) {
    SettingCoverage row;
    row.pointer = info.pointer;
    const bool ranged =
        info.kind == SettingInfo::Kind::kNumber || info.kind == SettingInfo::Kind::kIntegers;
    if (ranged)
      row.counts = {{kLowest, 0}, {"between", 0}, {kHighest, 0}, {"least", 0}, {"most", 0}};
    for (const std::string& word : info.words) row.counts[word] = 0;
    settings_.push_back(std::move(row));
  }
}

void DrawCoverage::Add(const Scenario& scenario) {
  ++scenarios_;
  const SeenByPointer drawn = Drawn(scenario);
  bool outer = false;
  for (SettingCoverage& row : settings_) {
    const auto seen = drawn.find(row.pointer);
    if (seen == drawn.end()) continue;
    for (const std::string& head : seen->second.heads) ++row.counts[head];
    outer = outer || IsOuter(row.pointer, seen->second);
  }
  with_outer_tenth_ += outer;
}

std::string DrawCoverage::Table() const {
  std::string out = absl::StrFormat(
      "settings drawn in %d scenarios; %d "
      "have one in an outer tenth of its range\n",
      scenarios_, with_outer_tenth_);
  for (const SettingCoverage& row : settings_) {
    absl::StrAppendFormat(&out, "  %-46s", row.pointer);
    const char* between = " ";
    for (const auto& [head, count] : row.counts) {
      absl::StrAppend(&out, between, head, " ", count);
      between = ", ";
    }
    out += "\n";
  }
  return out;
}

std::vector<std::string> OuterTenthSettings(const Scenario& scenario) {
  std::vector<std::string> pointers;
  for (const auto& [pointer, seen] : Drawn(scenario)) {
    if (IsOuter(pointer, seen)) pointers.push_back(pointer);
  }
  return pointers;
}

}  // namespace ddpsim
