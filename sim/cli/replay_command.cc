#include "sim/cli/replay_command.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sim/cli/console.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/cli/replay_settings.h"
#include "sim/cli/signals.h"
#include "sim/cli/usage.h"
#include "sim/cli/version.h"
#include "sim/result/replay_json.h"
#include "sim/result/replay_table.h"
#include "sim/result/result_json.h"
#include "sim/text/nearest_name.h"

namespace ddpsim {
namespace {

template <class T>
std::string ParseNumber(const std::string& name, const std::string& text, int64_t low, int64_t high,
                        T* out) {
  int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || value < low ||
      value > high) {
    return absl::StrCat("--", name, " takes an integer, ", low, "..", high, ", not \"", text, "\"");
  }
  *out = static_cast<T>(value);
  return "";
}

// One number per --port, or several in one.
std::string ParsePorts(const std::string& text, std::vector<uint16_t>* out) {
  out->clear();
  for (const absl::string_view word : absl::StrSplit(text, ',')) {
    uint16_t port = 0;
    std::string error = ParseNumber("port", std::string(word), 1, 65535, &port);
    if (!error.empty()) return error;
    if (std::find(out->begin(), out->end(), port) == out->end()) out->push_back(port);
  }
  return "";
}

std::string ParseDigest(const std::string& name, const std::string& text,
                        std::optional<bool>* out) {
  if (text == "yes") *out = true;
  if (text == "no") *out = false;
  if (text == "yes" || text == "no" || text == "auto") return "";
  return absl::StrCat("--", name, " takes no \"", text, "\"",
                      AcceptedNames(text, {"yes", "no", "auto"}));
}

std::string ParseSpeed(const std::string& text, double* out) {
  if (text == "max") {
    *out = 0;
    return "";
  }
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, *out);
  if (result.ec == std::errc() && result.ptr == end && *out >= 0.001 && *out <= 1e6) return "";
  return absl::StrCat("--speed takes a factor, 0.001..1000000, or max, not \"", text, "\"");
}

std::string ParseDriver(const std::string& text, uint32_t* out) {
  const bool named = text.size() > 1 && text[0] == 'v' && text[1] != '0';
  if (named && ParseNumber("driver", text.substr(1), 1, 30, out).empty()) return "";
  return absl::StrCat("--driver takes v1 .. v30, not \"", text, "\"");
}

std::string ParseModes(const std::string& text, std::vector<Mode>* out) {
  out->clear();
  for (const absl::string_view word : absl::StrSplit(text, ',')) {
    const std::string name(word);
    std::vector<std::string> names;
    bool found = false;
    for (const auto& mode : kModeNames) {
      names.push_back(mode.name);
      if (name != mode.name) continue;
      if (std::find(out->begin(), out->end(), mode.value) != out->end())
        return absl::StrCat("--compare names ", name, " twice");
      out->push_back(mode.value);
      found = true;
    }
    if (!found)
      return absl::StrCat("--compare takes no \"", name, "\"", AcceptedNames(name, names));
  }
  return "";
}

class ReplaySession {
 public:
  ReplaySession(const CommandLine& line, const Bench& bench) : line_(line), bench_(bench) {}

  int Run() {
    const std::string usage = ReadOptions();
    if (!usage.empty()) {
      Complain(usage);
      std::fprintf(stderr, "%s\n", UsageLine(line_.command).c_str());
      return kExitUsage;
    }
    if (const int status = LoadHost(); status != kExitOk) return status;
    if (const int status = CheckInput(); status != kExitOk) return status;
    if (const int status = CheckOutputs(); status != kExitOk) return status;
    WatchSignals();
    options_.interrupt = &ReceivedSignal();
    const absl::StatusOr<ReplayResult> result = bench_.replay(options_);
    if (!result.ok()) {
      Complain(std::string(result.status().message()));
      return StatusOf(result.status());
    }
    const int written = Write(*result);
    if (ReceivedSignal() != 0) return kExitSignalBase + ReceivedSignal();
    if (written != kExitOk) return written;
    return result->passed() ? kExitOk : kExitFailed;
  }

 private:
  std::string ReadOptions() {
    options_.file = line_.operands.front();
    std::string error;
    for (const auto& [name, text] : line_.own) {
      if (!error.empty()) break;
      if (name == "port") error = ParsePorts(text, &options_.ports);
      if (name == "mtu") error = ParseNumber(name, text, 576, 9000, &options_.mtu);
      if (name == "cores") error = ParseNumber(name, text, 1, 64, &options_.cores);
      if (name == "speed") error = ParseSpeed(text, &options_.speed);
      if (name == "header-digest") error = ParseDigest(name, text, &options_.header_digest);
      if (name == "data-digest") error = ParseDigest(name, text, &options_.data_digest);
      if (name == "compare") error = ParseModes(text, &modes_);
      if (name == "search") host_.push_back({"/host/nic/offload/search", text});
      if (name == "driver") error = ParseDriver(text, &options_.driver);
      if (name == "profile") host_.push_back({"/host/cpu/profile", text});
    }
    for (const Override& change : line_.overrides) {
      host_.push_back(change);
      if (error.empty() && change.pointer.rfind("/host/", 0) != 0)
        error = "--set of a replay changes the host only: \"/host/...\", not \"" + change.pointer +
                "\"";
    }
    return error.empty() ? WhyNotHeeded(line_.overrides, line_.own) : error;
  }

  // The host's settings go the way of a scenario's: the same names, the same checks.
  int LoadHost() {
    LoadOptions load{host_, {}, bench_.cost_profiles};
    LoadResult result = LoadScenario("{}", "command line", load);
    std::fputs(result.diagnostics.ToString().c_str(), stderr);
    if (!result.plan) return kExitBadData;
    options_.scenario = std::move(result.plan->scenario);
    if (!modes_.empty()) options_.scenario.compare = modes_;
    const bool several = options_.scenario.compare.size() > 1;
    if (!line_.pcap_file.empty()) {
      options_.pcap_file = [this, several](Mode mode) {
        return PcapName(line_.pcap_file, "", "", ModeName(mode), false, several);
      };
    }
    return kExitOk;
  }

  int CheckInput() const {
    std::error_code ignored;
    const auto type = std::filesystem::status(options_.file, ignored).type();
    if (type == std::filesystem::file_type::directory) {
      Complain(options_.file + ": is a directory");
      return kExitNoInput;
    }
    if (type == std::filesystem::file_type::fifo || type == std::filesystem::file_type::socket ||
        type == std::filesystem::file_type::character) {
      Complain(options_.file +
               ": is no regular file; a capture is read several times: save it first");
      return kExitBadData;
    }
    return kExitOk;
  }

  int CheckOutputs() const {
    std::vector<std::string> written = {line_.json_file};
    if (options_.pcap_file) {
      for (Mode mode : options_.scenario.compare) written.push_back(options_.pcap_file(mode));
    }
    if (const std::string error = WhyClobbered({options_.file}, written); !error.empty()) {
      Complain(error);
      return kExitUsage;
    }
    for (const std::string& file : {line_.json_file, line_.pcap_file}) {
      if (file.empty() || file == "-") continue;
      const std::string error = WhyNotWritable(file);
      if (error.empty()) continue;
      Complain(error);
      return kExitIoError;
    }
    return kExitOk;
  }

  int Write(const ReplayResult& result) const {
    std::string error;
    if (!line_.quiet && line_.json_file != "-")
      error = WriteStandardOutput(ReplayTable(result, WantsColor(line_.color)));
    if (error.empty() && !line_.json_file.empty()) {
      const Provenance provenance{kVersion, kCommit, kBuild, "", 0, result.cost_profile};
      const std::string text = JsonFileText(ReplayJson(result, provenance));
      error = line_.json_file == "-" ? WriteStandardOutput(text) : WriteFile(line_.json_file, text);
    }
    if (error.empty()) return kExitOk;
    Complain(error);
    return kExitIoError;
  }

  const CommandLine& line_;
  const Bench& bench_;
  ReplayOptions options_;
  std::vector<Mode> modes_;
  std::vector<Override> host_;
};

}  // namespace

int ReplayCommand(const CommandLine& line, const Bench& bench) {
  return ReplaySession(line, bench).Run();
}

}  // namespace ddpsim
