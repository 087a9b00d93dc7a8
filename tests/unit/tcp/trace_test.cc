#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "trace_runner.h"

namespace ddpsim {

TEST_CASE("the endpoint answers every recorded trace as Linux did") {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(DDPSIM_TEST_DATA "/tcp")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(!files.empty());
  for (const std::string& file : files) {
    const TraceResult result = RunTrace(file);
    INFO(file << ": " << result.message);
    CHECK(result.pass);
    CHECK(result.expects > 0);
  }
}

}  // namespace ddpsim
