// What a result may hold: every JSON Pointer into an element of runs[], for `expect` and for the
// reference page.
#ifndef DDPSIM_SIM_RESULT_RESULT_REFERENCE_H_
#define DDPSIM_SIM_RESULT_RESULT_REFERENCE_H_

#include <string>
#include <vector>

namespace ddpsim {

struct ResultPointer {
  std::string pattern;  // "*" stands for an array index or for a key that depends on the run
  std::string unit;
  std::string doc;
  bool text = false;  // words, no number
};

const std::vector<ResultPointer>& ResultPointers();

// The description of what can be at `pointer`; null if nothing can.
const ResultPointer* FindResultPointer(const std::string& pointer);

// Whether a figure can be at `pointer`. If not, *nearest is the pattern most like it, or "".
bool IsResultPointer(const std::string& pointer, std::string* nearest);

// The Markdown page of ResultPointers().
std::string ResultReference();

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_RESULT_REFERENCE_H_
