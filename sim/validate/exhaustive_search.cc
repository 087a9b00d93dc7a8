#include "sim/validate/exhaustive_search.h"
namespace ddpsim {
ValidateReport ExhaustiveReport(std::optional<int64_t>, int, const std::string&) { return {}; }
std::string FindExhaustively(int) { return ""; }
}  // namespace ddpsim
