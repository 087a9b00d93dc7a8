#include "sim/text/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/text/visible.h"

namespace ddpsim {

std::string ToString(const Diagnostic& diagnostic) {
  const Origin& at = diagnostic.origin;
  std::string out = at.file;
  if (at.place.line > 0)
    out += ":" + std::to_string(at.place.line) + ":" + std::to_string(at.place.column);
  // The whole document is "" as a JSON Pointer; a slash alone is easier to see.
  return out + ": " + (at.pointer.empty() ? "/" : at.pointer) + ": " + diagnostic.text;
}

void Diagnostics::Add(Origin origin, std::string text) {
  for (const Diagnostic& old : list_) {
    if (old.origin.file == origin.file && old.origin.pointer == origin.pointer &&
        old.origin.place == origin.place && old.text == text) {
      return;
    }
  }
  list_.push_back({std::move(origin), std::move(text)});
}

void Diagnostics::Sort() {
  std::stable_sort(list_.begin(), list_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.origin.file, a.origin.place.line, a.origin.place.column) <
           std::tie(b.origin.file, b.origin.place.line, b.origin.place.column);
  });
}

std::string Diagnostics::ToString() const {
  std::string out;
  for (const Diagnostic& diagnostic : list_)
    out += VisibleLines(ddpsim::ToString(diagnostic)) + "\n";
  return out;
}

}  // namespace ddpsim
