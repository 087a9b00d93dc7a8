#include "sim/validate/setting_list.h"

#include "absl/strings/str_split.h"
#include "sim/scenario/scenario.h"
#include "sim/validate/setting_walker.h"

namespace ddpsim {
namespace {

using Kind = SettingInfo::Kind;

class Lister : public SettingHandler {
 public:
  std::vector<SettingInfo> Take() { return std::move(list_); }

  void OnInteger(const std::string& pointer, int64_t&, Range<int64_t> range) override {
    AddNumber(pointer, static_cast<double>(range.min), static_cast<double>(range.max), false);
  }
  void OnBytes(const std::string& pointer, int64_t& value, Range<int64_t> range) override {
    OnInteger(pointer, value, range);
  }
  void OnNumber(const std::string& pointer, double&, Range<double> range) override {
    AddNumber(pointer, range.min, range.max, true);
  }
  void OnBoolean(const std::string& pointer, bool&) override { Add(pointer, Kind::kBoolean); }
  void OnText(const std::string& pointer, std::string&) override { Add(pointer, Kind::kText); }
  void OnWord(const std::string& pointer, size_t&, const SettingWords& words) override {
    Add(pointer, Kind::kWord).words.assign(words.begin(), words.end());
  }
  void OnWords(const std::string& pointer, std::vector<size_t>&,
               const SettingWords& words) override {
    Add(pointer, Kind::kWords).words.assign(words.begin(), words.end());
  }
  void OnIntegers(const std::string& pointer, std::vector<int64_t>&,
                  Range<int64_t> range) override {
    SettingInfo& info = Add(pointer, Kind::kIntegers);
    info.min = static_cast<double>(range.min);
    info.max = static_cast<double>(range.max);
  }
  size_t OnGroups(const std::string& pointer, size_t) override {
    Add(pointer, Kind::kGroups);
    return 1;
  }
  bool BeginCase(const std::string& tag, const std::string& words, bool, Presence) override {
    tag_ = tag;
    tag_words_ = absl::StrSplit(words, '|');
    return true;
  }
  void EndCase() override {
    tag_.clear();
    tag_words_.clear();
  }

 private:
  SettingInfo& Add(const std::string& pointer, Kind kind) {
    SettingInfo info;
    info.pointer = pointer;
    info.kind = kind;
    info.tag = tag_;
    info.tag_words = tag_words_;
    list_.push_back(std::move(info));
    return list_.back();
  }
  void AddNumber(const std::string& pointer, double min, double max, bool fraction) {
    SettingInfo& info = Add(pointer, Kind::kNumber);
    info.min = min;
    info.max = max;
    info.fraction = fraction;
  }

  std::vector<SettingInfo> list_;
  std::string tag_;
  std::vector<std::string> tag_words_;
};

std::vector<SettingInfo> List() {
  Scenario scenario;
  Lister lister;
  WalkSettings(&scenario, &lister);
  return lister.Take();
}

}  // namespace

const std::vector<SettingInfo>& AllSettings() {
  static const std::vector<SettingInfo> list = List();
  return list;
}

}  // namespace ddpsim
