#include "sim/result/text_table.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "sim/text/visible.h"

namespace ddpsim {
namespace {

constexpr size_t kLabelWidth = 30;
constexpr size_t kCellWidth = 11;
constexpr size_t kBetween = 2;

std::string Padded(const std::string& text, size_t width) {
  return text.size() >= width ? "" : std::string(width - text.size(), ' ');
}

}  // namespace

void TextTable::Row(const std::string& label, std::vector<TableCell> cells, Tone tone) {
  for (TableCell& cell : cells) cell.text = Visible(cell.text);
  rows_.push_back({Visible(label), std::move(cells), tone});
}

std::string TextTable::ToString(bool color) const {
  size_t label_width = kLabelWidth;
  std::vector<size_t> widths;
  for (const RowOf& row : rows_) {
    if (!row.cells.empty()) label_width = std::max(label_width, row.label.size());
    widths.resize(std::max(widths.size(), row.cells.size()), kCellWidth);
    for (size_t i = 0; i < row.cells.size(); ++i)
      widths[i] = std::max(widths[i], row.cells[i].text.size());
  }
  std::string out;
  for (const RowOf& row : rows_) {
    std::string line = Toned(row.label, row.tone, color);
    if (!row.cells.empty()) line += Padded(row.label, label_width);
    for (size_t i = 0; i < row.cells.size(); ++i) {
      const TableCell& cell = row.cells[i];
      const Tone tone = cell.tone == Tone::kPlain ? row.tone : cell.tone;
      line +=
          std::string(kBetween, ' ') + Padded(cell.text, widths[i]) + Toned(cell.text, tone, color);
    }
    out += line + "\n";
  }
  return out;
}

std::string Grouped(int64_t value) {
  std::string digits = std::to_string(value);
  const int64_t sign = value < 0 ? 1 : 0;
  for (int64_t at = static_cast<int64_t>(digits.size()) - 3; at > sign; at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

std::string Fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", decimals, value);
  std::string out = text;
  const size_t end = std::min(out.find('.'), out.size());
  const size_t sign = out[0] == '-' ? 1 : 0;
  for (size_t at = end; at > sign + 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

}  // namespace ddpsim
