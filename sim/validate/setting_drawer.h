// The handler that draws settings. A DrawPlan says how each is drawn; what it does not name keeps
// its value. Rules between settings are not known here: LegalScenario() asks the loader.
#ifndef DDPSIM_SIM_VALIDATE_SETTING_DRAWER_H_
#define DDPSIM_SIM_VALIDATE_SETTING_DRAWER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/validate/dice.h"
#include "sim/validate/setting_walker.h"

namespace ddpsim {

enum class Draw {
  kKeep,
  kPlausible,  // near the default, or some events of a fault
  kAnywhere,   // each place of the range is as likely
  kOuter,      // the lowest or highest tenth
  kEdge        // an end of the range, or its neighbour
};

struct DrawPlan {
  std::map<std::string, Draw> settings;
  // What another setting needs to exist.
  std::map<std::string, std::string> words;
  // Each setting that is not named is drawn in a way drawn for it.
  bool everything = false;
};

class SettingDrawer : public SettingHandler {
 public:
  SettingDrawer(const DrawPlan& plan, Dice* dice) : plan_(plan), dice_(*dice) {}

  void OnInteger(const std::string& pointer, int64_t& value, Range<int64_t> range) override;
  void OnBytes(const std::string& pointer, int64_t& value, Range<int64_t> range) override;
  void OnNumber(const std::string& pointer, double& value, Range<double> range) override;
  void OnBoolean(const std::string& pointer, bool& value) override;
  void OnText(const std::string& pointer, std::string& value) override;
  void OnWord(const std::string& pointer, size_t& index, const SettingWords& words) override;
  void OnWords(const std::string& pointer, std::vector<size_t>& indices,
               const SettingWords& words) override;
  void OnIntegers(const std::string& pointer, std::vector<int64_t>& values,
                  Range<int64_t> range) override;
  size_t OnGroups(const std::string& pointer, size_t size) override;
  bool BeginCase(const std::string& tag, const std::string& words, bool active,
                 Presence presence) override;
  void EndCase() override;

 private:
  Draw HowFor(const std::string& pointer);
  // A setting of this pointer or below it is to be drawn.
  bool Wanted(const std::string& pointer) const;
  int64_t Whole(Draw how, int64_t value, Range<int64_t> range);
  double Real(Draw how, double value, Range<double> range);
  double PlausibleNumber(double value, Range<double> range);
  // Sizes and counts are powers of two or multiples of blocks more often than not.
  int64_t Rounded(int64_t value, Range<int64_t> range);

  const DrawPlan& plan_;
  Dice& dice_;
  bool required_ = false;  // must be given: a list must hold something
  bool fresh_ = false;     // and came to be only because its tag was drawn
  bool new_elements_ = false;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_SETTING_DRAWER_H_
