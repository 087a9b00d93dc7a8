// Every history of one flow's offload context within bounds: breadth-first over the production
// RxContext with a channel that loses, reorders, duplicates and cuts segments anew, and a host
// whose answers come late, never or for the wrong header.
#ifndef DDPSIM_SIM_VALIDATE_EXHAUSTIVE_SEARCH_H_
#define DDPSIM_SIM_VALIDATE_EXHAUSTIVE_SEARCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/validate/counterexample.h"
#include "sim/validate/validate_report.h"
#include "sim/validate/worker_pool.h"

namespace ddpsim {

// `mutant`: the planted bug that is on, 0: none. Counterexamples are run as whole scenarios and go
// to `folder`; `again` is the command that runs such a file.
ValidateReport ExhaustiveReport(std::optional<int64_t> max_states, const Workers& workers,
                                int mutant, const std::string& again, const std::string& folder);
// A short search with a planted bug on: the first violations, if any.
std::vector<Counterexample> FindExhaustively(int mutant);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_EXHAUSTIVE_SEARCH_H_
