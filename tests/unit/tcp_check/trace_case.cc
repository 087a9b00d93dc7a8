#include "trace_case.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "sim/tcp_check/trace_reader.h"

namespace ddpsim {
namespace {

constexpr char kHandshake[] = R"(
  {"op": "listen", "dt": 0},
  {"op": "inject", "dt": 0, "seg": {"flags": ["SYN"], "seq": 0, "len": 0, "win_raw": 65535,
                                    "opts": {"mss": 1000, "sack_ok": true}}},
  {"op": "expect", "dt": 0, "seg": {"flags": ["SYN", "ACK"], "seq": 0, "len": 0, "ack": 1,
                                    "win": "any", "opts": "any"}},
  {"op": "inject", "dt": 10000, "seg": {"flags": ["ACK"], "seq": 1, "len": 0, "ack": 1,
                                        "win_raw": 65535, "opts": {}}},
  {"op": "accept", "dt": 0})";

}  // namespace

std::string TraceText(const std::string& events, const std::string& top) {
  return R"({"format": "tcp-trace-test/1", "name": "case", )" + top + R"("events": [)" +
         kHandshake + (events.empty() ? "" : ", ") + events + "]}";
}

TraceResult RunTraceText(const std::string& text, TraceRunOptions options) {
  Diagnostics diagnostics;
  const std::optional<Trace> trace = ReadTrace(text, "case.json", diagnostics);
  if (!trace) throw std::runtime_error(diagnostics.ToString());
  return RunTrace(*trace, options);
}

TraceResult RunEvents(const std::string& events, TraceRunOptions options, const std::string& top) {
  return RunTraceText(TraceText(events, top), options);
}

std::vector<std::string> TraceFiles(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(DDPSIM_TEST_DATA "/tcp" + folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string FileText(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace ddpsim
