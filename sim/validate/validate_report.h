// What `validate` found, in the words of its readers: a table for people, JSON, JUnit's XML for CI
// servers, and the results that NIPA, the kernel's network CI, collects from its executors.
// Invariant: wall-clock time is in JUnit and NIPA output only; table and JSON repeat byte for byte.
#ifndef DDPSIM_SIM_VALIDATE_VALIDATE_REPORT_H_
#define DDPSIM_SIM_VALIDATE_VALIDATE_REPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/result/result_fields.h"
#include "sim/validate/coverage.h"

namespace ddpsim {

struct CaseResult {
  std::string test;
  std::string group;
  bool passed = false;
  std::string law;  // that was broken, or by which a planted bug was found
  std::string detail;
  std::string command;        // that shows it again; of failures
  std::string scenario_file;  // minimised
  int faults = -1;            // in it; -1: not all are written out
  double seconds = 0;
};

struct ValidateReport {
  std::string title;  // "seeds 1..2000"
  size_t planned = 0;
  std::vector<CaseResult> cases;         // those that have an end
  NamedCounts figures;                   // sums over the cases
  std::optional<DrawCoverage> coverage;  // of scenarios that were drawn
  bool list_passed = false;              // few cases, each of interest
  double started = 0;                    // Unix time
  double ended = 0;

  size_t passed() const;
  // Every case that was planned ran, and passed.
  bool good() const { return planned > 0 && passed() == planned; }
};

std::string ReportTable(const ValidateReport& report);
std::string ReportJson(const ValidateReport& report);
std::string ReportJunit(const ValidateReport& report);
std::string ReportNipa(const ValidateReport& report);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_VALIDATE_VALIDATE_REPORT_H_
