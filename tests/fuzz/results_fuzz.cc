// Any bytes as the folder of a sweep's results that `report` reads: plan.json, and behind each line
// "--- point ---" the result of the next of its points, sealed as the sweep seals it (what is not
// sealed nobody reads).
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "sim/report/page_data.h"
#include "sim/report/terminal_table.h"
#include "sim/sweep/durable_file.h"
#include "sim/sweep/results.h"
#include "tests/fuzz/fuzz_main.h"

namespace {

constexpr char kPoint[] = "--- point ---\n";

// Nothing outside of the folder is written, whatever the plan calls its points.
bool IsId(const std::string& id) {
  return id.size() == 16 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool Write(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}

std::string Folder() {
  static const std::string& folder = *[] {
    char name[] = "/tmp/results_fuzz_XXXXXX";
    auto* made = new std::string(mkdtemp(name));
    std::atexit([] { std::filesystem::remove_all(Folder()); });
    return made;
  }();
  return folder;
}

void Report(const ddpsim::sweep::SweepFolder& folder, const ddpsim::sweep::Sweep& sweep) {
  const ddpsim::sweep::Results results = ddpsim::sweep::CollectResults(folder, sweep);
  ddpsim::sweep::ResultsCsv(sweep, results);
  ddpsim::report::HtmlPage(ddpsim::report::PageData(sweep, results, {}));
  if (!results.metrics.empty()) ddpsim::report::TerminalTable(sweep, results, 0, false);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> parts = absl::StrSplit(text, kPoint);
  const ddpsim::sweep::SweepFolder folder(Folder());
  if (!folder.Create().empty() || !Write(folder.File("plan.json"), parts[0])) return -1;
  ddpsim::sweep::Sweep sweep;
  if (!folder.ReadPlan(&sweep).empty()) return 0;
  std::vector<std::string> written;
  size_t next = 1;
  for (const std::string& id : sweep.Ids()) {
    if (next >= parts.size() || !IsId(id)) break;
    written.push_back(folder.PointFile(id));
    if (!Write(written.back(), ddpsim::sweep::Seal(parts[next++], id))) return -1;
  }
  Report(folder, sweep);
  for (const std::string& file : written) unlink(file.c_str());
  return 0;
}
