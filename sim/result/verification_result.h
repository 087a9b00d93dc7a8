// What the law checkers found. A checker that checked nothing is a failure, so checks names every
// law, with its count.
#ifndef DDPSIM_SIM_RESULT_VERIFICATION_RESULT_H_
#define DDPSIM_SIM_RESULT_VERIFICATION_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/result/result_fields.h"

namespace ddpsim {

struct Violation {
  std::string law;
  std::string detail;
  std::string defect = "";  // none

  template <class V>
  void Describe(V& v) const {
    v.Text("law", law, "name of the law, as in checks");
    v.Text("detail", detail, "when it happened, what was expected and what came");
    v.Text("defect", defect, "the known defect of the series that it comes from; empty: none");
  }
};

// A known or candidate defect of the patch series, met by its mechanism.
struct DefectFinding {
  std::string name;
  std::string setting;
  std::string text;
  int64_t count = 0;

  template <class V>
  void Describe(V& v) const {
    v.Text("name", name, "as in `validate --suite defects`");
    v.Text("setting", setting, "JSON Pointer of the setting that brings it out or mends it");
    v.Text("text", text, "what happens, and why");
    v.Integer("count", count, "", "how often it was met");
  }
};

struct VerificationResult {
  std::string verdict = "fail";  // until the checkers say pass
  int64_t bytes_checked = 0;
  int64_t corrupt_delivered = 0;
  int64_t stale_stored = 0;
  NamedCounts checks;
  int64_t violations_total = 0;
  std::vector<Violation> violations;  // the first of them

  std::vector<DefectFinding> defects;

  bool passed() const { return verdict == "pass"; }
  // One that no law has counted.
  void Add(Violation violation) {
    violations.push_back(std::move(violation));
    ++violations_total;
  }

  template <class V>
  void Describe(V& v) const {
    v.Text("verdict", verdict, "pass or fail of all laws");
    v.Integer("bytes_checked", bytes_checked, "byte",
              "read bytes compared at the host, written bytes compared at the target");
    v.Integer("corrupt_delivered", corrupt_delivered, "byte",
              "read bytes delivered wrong, written bytes stored wrong or not at all");
    v.Integer("stale_stored", stale_stored, "byte",
              "wrong bytes stored of writes that the host had given up before: their buffers were "
              "in use again while TCP and NIC sent from them");
    v.Counts("checks", checks, "", "how often each law was checked");
    v.Integer("violations_total", violations_total, "", "violations, listed or not");
    v.Groups("violations", violations, "the first violations");
    v.Groups("defects", defects, "known defects of the patch series that were met");
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_VERIFICATION_RESULT_H_
