// "did you mean": the accepted word closest to the one that was written (optimal string alignment:
// insertions, deletions, substitutions and swaps of neighbours cost 1; case costs nothing).
#ifndef DDPSIM_SIM_TEXT_NEAREST_NAME_H_
#define DDPSIM_SIM_TEXT_NEAREST_NAME_H_

#include <string>
#include <vector>

namespace ddpsim {

int EditDistance(const std::string& a, const std::string& b);

// Empty if nothing is close enough to be a slip of the pen.
std::string NearestName(const std::string& word, const std::vector<std::string>& accepted);

// "; accepted: a, b, c; did you mean \"b\"?"
std::string AcceptedNames(const std::string& word, const std::vector<std::string>& accepted);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_NEAREST_NAME_H_
