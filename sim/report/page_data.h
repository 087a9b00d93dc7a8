// What the page's scripts draw from, as one JSON object: axes, runs, metrics, every cell's
// statistics and cycles by symbol, its points with the commands that run them again, packed
// results, failures.
#ifndef DDPSIM_SIM_REPORT_PAGE_DATA_H_
#define DDPSIM_SIM_REPORT_PAGE_DATA_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/sweep/results.h"
#include "sim/sweep/sweep.h"

namespace ddpsim::report {

// Of a large sweep, only so many results go into the page (some 8 kB each).
inline constexpr size_t kMaxPackedResults = 1500;

// `packed`: id -> PackText() of its result.
nlohmann::ordered_json PageData(const sweep::Sweep& sweep, const sweep::Results& results,
                                const std::map<std::string, std::string>& packed);

// The whole page.
std::string HtmlPage(const nlohmann::ordered_json& data);

}  // namespace ddpsim::report

#endif  // DDPSIM_SIM_REPORT_PAGE_DATA_H_
