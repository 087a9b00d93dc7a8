// A table for people: a column of labels on the left, then columns of figures aligned to the right.
#ifndef DDPSIM_SIM_RESULT_TEXT_TABLE_H_
#define DDPSIM_SIM_RESULT_TEXT_TABLE_H_

#include <string>
#include <vector>

#include "sim/result/text_style.h"

namespace ddpsim {

struct TableCell {
  std::string text;
  Tone tone = Tone::kPlain;
};

class TextTable {
 public:
  void Row(const std::string& label, std::vector<TableCell> cells, Tone tone = Tone::kPlain);
  void Gap() { rows_.push_back({}); }
  std::string ToString(bool color) const;

 private:
  struct RowOf {
    std::string label;
    std::vector<TableCell> cells;
    Tone tone = Tone::kPlain;
  };
  std::vector<RowOf> rows_;
};

// 1234567 -> "1,234,567".
std::string Grouped(int64_t value);
// With so many decimals, the whole part grouped: 1234.5 -> "1,234.5".
std::string Fixed(double value, int decimals);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_TEXT_TABLE_H_
