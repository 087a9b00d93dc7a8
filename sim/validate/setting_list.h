// All settings of the schema, those too that exist only under certain words of another one.
#ifndef DDPSIM_SIM_VALIDATE_SETTING_LIST_H_
#define DDPSIM_SIM_VALIDATE_SETTING_LIST_H_

#include <string>
#include <vector>

namespace ddpsim {

struct SettingInfo {
  enum class Kind { kNumber, kBoolean, kText, kWord, kWords, kIntegers, kGroups };
  std::string pointer;  // elements of lists: "/network/c2h/loss/ranges/*/from"
  Kind kind = Kind::kNumber;
  double min = 0;  // of numbers
  double max = 0;
  bool fraction = false;  // a number may have one
  std::vector<std::string> words;
  // Exists only under one of `tag_words` of the setting `tag`. Empty: always.
  std::string tag;
  std::vector<std::string> tag_words;
};

const std::vector<SettingInfo>& AllSettings();

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_SETTING_LIST_H_
