// Shows that the laws can fail: for each planted bug (include/ddpsim/base/mutant.h) looks for a
// scenario under which some law is broken, and makes that small. Mirrors mutation testing. Each bug
// is looked for with scenarios that do what it concerns, drawn from seeds like the others, and in
// the exhaustive search.
#ifndef DDPSIM_SIM_VALIDATE_MUTANT_HUNT_H_
#define DDPSIM_SIM_VALIDATE_MUTANT_HUNT_H_

#include <cstdint>
#include <string>

#include "sim/validate/validate_report.h"
#include "sim/validate/worker_pool.h"

namespace ddpsim {

// Whether this is the test build.
bool MutantsBuilt();

// What is wrong with `name`, or "" with *mutant set: for SelectMutant().
std::string FindMutant(const std::string& name, int* mutant);

// `name`: of a bug, or "all". What is wrong with the request, or "" with *report filled in: a case
// passes when its bug was found.
std::string HuntMutants(const std::string& name, int64_t first_seed, const Workers& workers,
                        ValidateReport* report);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_MUTANT_HUNT_H_
