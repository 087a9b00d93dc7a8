#include "sim/result/defect_text.h"

#include "absl/strings/str_cat.h"
#include "sim/result/text_style.h"
#include "sim/result/text_table.h"

namespace ddpsim {

std::string DefectLines(const std::string& mode, const std::vector<DefectFinding>& defects,
                        bool color) {
  std::string out;
  for (const DefectFinding& defect : defects) {
    absl::StrAppend(&out, "  ", mode, ": ", Toned(defect.name, Tone::kBad, color), " (",
                    defect.setting, "), ", Grouped(defect.count),
                    defect.count == 1 ? " time: " : " times: ", defect.text, "\n");
  }
  return out;
}

std::string UnderDefects(const std::string& lines, bool color) {
  if (lines.empty()) return "";
  return "\n" + Toned("known defects of the patch series", Tone::kHead, color) + "\n" + lines;
}

}  // namespace ddpsim
