// What a user should know of a run whose settings did not all mean what they seem to: said below
// the table and in the result, and no reason to fail.
#ifndef DDPSIM_SIM_RESULT_WARNING_H_
#define DDPSIM_SIM_RESULT_WARNING_H_

#include <string>
#include <tuple>

namespace ddpsim {

struct Warning {
  std::string code;     // one word, for programs
  std::string text;     // a sentence
  std::string pointer;  // the setting

  friend bool operator<(const Warning& a, const Warning& b) {
    return std::tie(a.pointer, a.code, a.text) < std::tie(b.pointer, b.code, b.text);
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_WARNING_H_
