#include "sim/validate/suite.h"
namespace ddpsim {
std::string SuiteReport(const std::string& name, int jobs, ValidateReport* report) { return "x"; }
}  // namespace ddpsim
