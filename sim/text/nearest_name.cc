#include "sim/text/nearest_name.h"

#include <algorithm>
#include <cctype>

namespace ddpsim {

int EditDistance(const std::string& a, const std::string& b) {
  const size_t n = b.size();
  std::vector<int> before(n + 1), last(n + 1), row(n + 1);
  for (size_t j = 0; j <= n; ++j) last[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= n; ++j) {
      const bool same = std::tolower(static_cast<unsigned char>(a[i - 1])) ==
                        std::tolower(static_cast<unsigned char>(b[j - 1]));
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[n];
}

std::string NearestName(const std::string& word, const std::vector<std::string>& accepted) {
  std::string best;
  int best_distance = 0;
  for (const std::string& name : accepted) {
    const int distance = EditDistance(word, name);
    if (best.empty() || distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  // More than half of the letters wrong is another word, not a slip; two slips are always forgiven.
  const int limit = std::max(2, static_cast<int>(std::max(word.size(), best.size()) / 2));
  return best_distance <= limit ? best : std::string();
}

std::string AcceptedNames(const std::string& word, const std::vector<std::string>& accepted) {
  std::string out = "; accepted: ";
  for (size_t i = 0; i < accepted.size(); ++i) out += (i ? ", " : "") + accepted[i];
  const std::string nearest = NearestName(word, accepted);
  return nearest.empty() ? out : out + "; did you mean \"" + nearest + "\"?";
}

}  // namespace ddpsim
