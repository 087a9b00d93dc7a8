// Lines of a terminal table that tell which known defects of the patch series were met.
#ifndef DDPSIM_SIM_RESULT_DEFECT_TEXT_H_
#define DDPSIM_SIM_RESULT_DEFECT_TEXT_H_

#include <string>
#include <vector>

#include "sim/result/verification_result.h"

namespace ddpsim {

// "  MODE: NAME (SETTING), 3 times: TEXT", a line for each.
std::string DefectLines(const std::string& mode, const std::vector<DefectFinding>& defects,
                        bool color);
// `lines` under their heading; nothing without lines.
std::string UnderDefects(const std::string& lines, bool color);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_DEFECT_TEXT_H_
