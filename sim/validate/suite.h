// Fixed sets of scenarios with known figures: the kernel's own test of the offload, and the known
// defects of the patch series, which the laws must catch without naming them.
#ifndef DDPSIM_SIM_VALIDATE_SUITE_H_
#define DDPSIM_SIM_VALIDATE_SUITE_H_

#include <string>

#include "sim/validate/validate_report.h"
#include "sim/validate/worker_pool.h"

namespace ddpsim {

// What is wrong with `name`, or "" with *report filled in.
std::string SuiteReport(const std::string& name, const Workers& workers, ValidateReport* report);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_SUITE_H_
