// One setting of a drawn scenario made wrong: beyond its range, of another type, a word that there
// is not, a key that nobody knows. The loader must refuse it and say where.
#ifndef DDPSIM_SIM_VALIDATE_ILLEGAL_SCENARIO_H_
#define DDPSIM_SIM_VALIDATE_ILLEGAL_SCENARIO_H_

#include <cstdint>
#include <string>

namespace ddpsim {

struct IllegalScenario {
  std::string text;     // of the file
  std::string pointer;  // what is wrong in it
};

// `text` is a scenario that the loader takes. A function of both.
IllegalScenario MakeIllegal(const std::string& text, int64_t seed);

// What is wrong with the loader's answer, or "".
std::string WhyNotRefused(const IllegalScenario& illegal);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_ILLEGAL_SCENARIO_H_
