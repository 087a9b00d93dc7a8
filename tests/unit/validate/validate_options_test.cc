// Breaks when `validate` drops an option, overwrites its input, or lets outputs run together.
#include "sim/validate/validate_options.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <limits>
#include <vector>

#include "sim/validate/validate_command.h"

namespace ddpsim {
namespace {

// What is wrong with the command line, read as it is from a shell.
std::string Wrong(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "validate");
  CommandLine line;
  const std::string error = ParseCommandLine(arguments, &line);
  return error.empty() ? WhyContradictory(line) : error;
}

int Status(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "validate");
  CommandLine line;
  REQUIRE(ParseCommandLine(arguments, &line).empty());
  return ValidateCommand(line);
}

}  // namespace

TEST_CASE("options that contradict each other, or that nothing heeds, are refused by name") {
  const std::vector<std::vector<std::string>> refused = {
      {"--set", "/seed=1"},
      {"--set", "/seed=1", "--suite", "defects"},
      {"--suite", "defects", "--exhaustive"},
      {"--exhaustive", "a.json"},
      {"--suite", "defects", "a.json"},
      {"--max-states", "9"},
      {"--suite", "defects", "--mutant", "all"},
      {"--seeds", "3", "--exhaustive"},
      {"--seed", "3", "--suite", "defects"},
      {"--seeds", "3", "--mutant", "all"},
      {"--coverage", "a.json"},
      {"--coverage", "--exhaustive"},
      {"--coverage", "--suite", "defects"},
      {"--coverage", "--mutant", "all"},
      {"--coverage", "--write", "x"},
      {"--write", "x", "--json", "y"},
  };
  for (const auto& arguments : refused) {
    const std::string error = Wrong(arguments);
    INFO(arguments.front() << ": " << error);
    CHECK_FALSE(error.empty());
    CHECK(error.find("--") != std::string::npos);
    CHECK(Status(arguments) == 2);
  }
}

TEST_CASE("options that go together are taken") {
  const std::vector<std::vector<std::string>> taken = {
      {},
      {"--seeds", "3", "--seed", "2", "--coverage", "--jobs", "2"},
      {"a.json", "--seeds", "3", "--seed", "2", "--set", "/seed=1"},
      {"a.json", "--mutant", "x", "--seeds", "1"},
      {"--exhaustive", "--max-states", "9", "--mutant", "x"},
      {"--suite", "defects", "--json", "-"},
      {"--mutant", "all", "--seed", "4"},
      {"--write", "x", "--seeds", "1", "--seed", "1"},
  };
  for (const auto& arguments : taken) CHECK(Wrong(arguments).empty());
}

TEST_CASE("seeds end at the largest number, and that one is one") {
  const int64_t last = std::numeric_limits<int64_t>::max();
  CHECK(WhyTooManySeeds(last, 1).empty());
  CHECK(WhyTooManySeeds(last - 9, 10).empty());
  CHECK_THAT(WhyTooManySeeds(last - 8, 10), Catch::Contains("there are no 10 seeds from there on"));
  CHECK(WhyTooManySeeds(1, last).empty());
}

TEST_CASE(
    "outputs that would lose the scenario or each other are refused, and nothing is written") {
  const std::string folder =
      (std::filesystem::temp_directory_path() / "ddpsim_validate_options").string();
  std::filesystem::create_directories(folder);
  const std::string scenario = folder + "/s.json", out = folder + "/out";
  std::ofstream(scenario) << "{}";
  for (const char* option : {"--json", "--junit", "--nipa"})
    CHECK(Status({scenario, option, scenario}) == 2);
  CHECK(Status({scenario, "--json", out, "--junit", out}) == 2);
  CHECK(Status({scenario, "--junit", folder + "/./out", "--nipa", out}) == 2);
  CHECK(Status({scenario, "--json", "-", "--junit", "-"}) == 2);
  CHECK(Status({scenario, "--seeds", "2", "--seed", "9223372036854775807"}) == 2);
  CHECK(std::filesystem::file_size(scenario) == 2);
  CHECK_FALSE(std::filesystem::exists(out));
  std::filesystem::remove_all(folder);
}

}  // namespace ddpsim
