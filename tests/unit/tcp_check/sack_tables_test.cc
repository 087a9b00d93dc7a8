// Breaks when the receiver's answers leave the examples that RFC 2018 (SACK) and RFC 2883 (DSACK)
// print. The tables are the RFCs'; numbers in them begin where the RFC's do.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/str_split.h"
#include "trace_case.h"

namespace ddpsim {
namespace {

struct Step {
  uint32_t first = 0;
  uint32_t end = 0;
  bool arrives = true;
  std::string ack;     // "": no answer is told
  std::string blocks;  // "a-b c-d"
};

// Cells of a line; commas inside of quotes do not separate.
std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<std::vector<std::string>> Rows(const std::string& name) {
  std::ifstream in(DDPSIM_TEST_DATA "/tcp/" + name);
  REQUIRE(in);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  bool header = true;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (!header) rows.push_back(Cells(line));
    header = false;
  }
  return rows;
}

std::string Relative(const std::string& number, uint32_t base) {
  return std::to_string(std::stoul(number) - base + 1);
}

std::string BlocksText(const std::string& blocks, uint32_t base) {
  std::string out;
  for (const auto block : absl::StrSplit(blocks, ' ', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> edges = absl::StrSplit(block, '-');
    out += (out.empty() ? "[" : ", [") + Relative(edges.first, base) + ", " +
           Relative(edges.second, base) + "]";
  }
  return out.empty() ? "" : R"("sack": [)" + out + "]";
}

// The steps as a trace whose first byte is the table's `base`.
std::string Events(const std::vector<Step>& steps, uint32_t base) {
  std::string events;
  for (const Step& step : steps) {
    if (!step.arrives) continue;
    events += std::string(events.empty() ? "" : ",\n") +
              R"({"op": "inject", "dt": 1000, "seg": {"flags": ["ACK"], "seq": )" +
              std::to_string(step.first - base + 1) + R"(, "len": )" +
              std::to_string(step.end - step.first) + R"(, "ack": 1, "win_raw": 65535, "opts": {}}},
         {"op": "expect", "dt": 0, "seg": {"flags": ["ACK"], "seq": 1, "len": 0, "ack": )" +
              Relative(step.ack, base) + R"(, "win": "any", "opts": {)" +
              BlocksText(step.blocks, base) + "}}}";
  }
  return events;
}

void CheckExamples(const std::map<std::string, std::vector<Step>>& examples, size_t count,
                   uint32_t base_of_first) {
  CHECK(examples.size() == count);
  for (const auto& [name, steps] : examples) {
    INFO("example " << name);
    const uint32_t base = base_of_first != 0 ? base_of_first : steps[0].first;
    const TraceResult result = RunEvents(Events(steps, base));
    INFO((result.first_mismatch ? result.first_mismatch->actual : ""));
    CHECK(result.verdict == TraceVerdict::kPass);
    CHECK(result.expects > 1);
  }
}

}  // namespace

TEST_CASE("the three cases of RFC 2018 section 4 are answered as printed") {
  std::map<std::string, std::vector<Step>> cases;
  for (const auto& row : Rows("rfc2018_sack_examples.csv")) {
    const std::pair<std::string, std::string> edges = absl::StrSplit(row[2], '-');
    cases[row[0]].push_back({static_cast<uint32_t>(std::stoul(edges.first)),
                             static_cast<uint32_t>(std::stoul(edges.second)), true, row[3],
                             row[4]});
  }
  CheckExamples(cases, 3, 5000);
}

TEST_CASE("the examples of RFC 2883 section 4 are answered as printed") {
  std::map<std::string, std::vector<Step>> examples;
  for (const auto& row : Rows("rfc2883_dsack_examples.csv")) {
    const std::string range = row[1].substr(0, row[1].find(' '));
    const std::pair<std::string, std::string> edges = absl::StrSplit(range, '-');
    const auto last = static_cast<uint32_t>(std::stoul(edges.second));
    // The last byte, but for one row that writes the right edge.
    const uint32_t end = last % 500 == 0 ? last : last + 1;
    examples[row[0]].push_back(
        {static_cast<uint32_t>(std::stoul(edges.first)), end, !row[3].empty(), row[3], row[4]});
  }
  CheckExamples(examples, 4, 0);
}

}  // namespace ddpsim
