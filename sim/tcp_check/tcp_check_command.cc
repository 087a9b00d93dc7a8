#include "sim/tcp_check/tcp_check_command.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/tcp_check/trace_reader.h"
#include "sim/tcp_check/trace_report.h"
#include "sim/tcp_check/trace_runner.h"

namespace ddpsim {
namespace {

// Nothing and *status if the file is missing or bad.
std::optional<Trace> LoadTrace(const std::string& file, int* status) {
  std::string error;
  int why = kExitNoInput;
  const std::optional<std::string> text = ReadFile(file, &error, &why);
  if (!text) {
    Complain(error);
    *status = std::max(*status, why);
    return std::nullopt;
  }
  Diagnostics diagnostics;
  std::optional<Trace> trace = ReadTrace(*text, file, diagnostics);
  std::fputs(diagnostics.ToString().c_str(), stderr);
  if (!trace) *status = std::max(*status, kExitBadData);
  return trace;
}

int Write(const CommandLine& line, const std::string& report,
          const std::vector<TraceResult>& results) {
  std::string error;
  if (line.json_file != "-" && !line.quiet) error = WriteStandardOutput(report);
  if (error.empty() && !line.json_file.empty()) {
    const std::string json = TraceJson(results).dump(2) + "\n";
    error = line.json_file == "-" ? WriteStandardOutput(json) : WriteFile(line.json_file, json);
  }
  if (error.empty()) return kExitOk;
  Complain(error);
  return kExitIoError;
}

int CheckOutput(const CommandLine& line) {
  if (line.json_file.empty() || line.json_file == "-") return kExitOk;
  std::string error = WhyClobbered(line.operands, {line.json_file});
  int status = kExitUsage;
  if (error.empty()) {
    error = WhyNotWritable(line.json_file);
    status = kExitIoError;
  }
  if (error.empty()) return kExitOk;
  Complain(error);
  return status;
}

}  // namespace

int TcpCheckCommand(const CommandLine& line) {
  int status = CheckOutput(line);
  if (status != kExitOk) return status;
  std::string report;
  std::vector<TraceResult> results;
  for (const std::string& file : line.operands) {
    const std::optional<Trace> trace = LoadTrace(file, &status);
    if (!trace) continue;
    TraceResult result = RunTrace(*trace, TraceRunOptions{line.resync, line.strict});
    result.file = file;
    if (result.verdict == TraceVerdict::kFail) status = std::max(status, kExitFailed);
    report += TraceLines(result, line.resync);
    results.push_back(std::move(result));
  }
  report += TraceSummary(results);
  const int written = Write(line, report, results);
  return written != kExitOk ? written : status;
}

}  // namespace ddpsim
