// The known defects that a run or replay has met, as its result tells them.
#ifndef DDPSIM_SIM_SYSTEM_DEFECT_FINDINGS_H_
#define DDPSIM_SIM_SYSTEM_DEFECT_FINDINGS_H_

#include <vector>

#include "sim/check/known_defects.h"
#include "sim/result/verification_result.h"

namespace ddpsim {

inline std::vector<DefectFinding> FindingsOf(const KnownDefects& met) {
  std::vector<DefectFinding> findings;
  for (int i = 0; i < kDefects; ++i) {
    const auto defect = static_cast<Defect>(i);
    if (met.count(defect) == 0) continue;
    const DefectWords& words = WordsOf(defect);
    findings.push_back(
        {words.name, words.setting, words.text, static_cast<int64_t>(met.count(defect))});
  }
  return findings;
}

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_DEFECT_FINDINGS_H_
