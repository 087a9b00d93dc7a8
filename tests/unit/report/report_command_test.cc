// Breaks when `report` writes over what the sweep keeps in its folder.
#include "sim/report/report_command.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

namespace ddpsim {
namespace {

int Status(const std::string& folder, const char* option, const std::string& to) {
  CommandLine line;
  line.operands = {folder};
  line.own[option] = to;
  line.quiet = true;
  return ReportCommand(line);
}

}  // namespace

TEST_CASE("report: neither page nor plots go over or among the sweep's own files") {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / "ddpsim_report_command";
  const fs::path folder = root / "sweep";
  fs::create_directories(folder / "points");
  std::ofstream(folder / "plan.json") << "{}";
  fs::create_symlink(folder / "plan.json", root / "link");
  for (const char* name : {"plan.json", "results.csv", "results.json", "points/aa.json",
                           "points/new.html", "scenarios/aa.json", "points/../plan.json"}) {
    INFO(name);
    CHECK(Status(folder.string(), "html", (folder / name).string()) == 2);
  }
  CHECK(Status(folder.string() + "/", "html", (root / "link").string()) == 2);
  CHECK(Status(folder.string(), "plots", (folder / "points").string()) == 2);
  // Elsewhere only the plan, which is none, stands in the way.
  CHECK(Status(folder.string(), "html", (root / "page.html").string()) == 65);
  CHECK(Status(folder.string(), "html", (folder / "page.html").string()) == 65);
  CHECK(fs::file_size(folder / "plan.json") == 2);
  fs::remove_all(root);
}

}  // namespace ddpsim
