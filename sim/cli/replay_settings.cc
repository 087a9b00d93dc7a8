#include "sim/cli/replay_settings.h"

#include "absl/strings/str_cat.h"
#include "sim/text/json_pointer.h"

namespace ddpsim {
namespace {

// Settings that an option gives as well.
constexpr struct {
  const char* option;
  const char* pointer;
} kTwice[] = {{"driver", "/host/nic/driver"},
              {"search", "/host/nic/offload/search"},
              {"profile", "/host/cpu/profile"}};

constexpr struct {
  const char* pointer;
  const char* decider;
} kDecided[] = {
    {"/host/nvme/queues", "the capture"},
    {"/host/nvme/queue_size", "the capture"},
    {"/host/nvme/header_digest", "the capture (--header-digest: of connections begun before it)"},
    {"/host/nvme/data_digest", "the capture (--data-digest: of connections begun before it)"},
    {"/host/nvme/reconnect_delay_ms", "the capture"},
    {"/host/nvme/ctrl_loss_tmo", "the capture"},
    {"/host/nvme/kato", "the capture"},
    {"/host/nvme/max_retries", "the capture"},
    {"/host/nvme/io_timeout_ms", "the capture"},
    {"/host/tcp/rcvbuf", "the capture: what the recorded host accepted must fit"},
    {"/host/cpu/cores", "--cores"},
};

// As --set takes it: "v5" is a string with or without quotes.
std::string Bare(const std::string& value) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

std::string WhyNotHeeded(const std::vector<Override>& changes,
                         const std::map<std::string, std::string>& options) {
  for (const Override& change : changes) {
    for (const auto& twice : kTwice) {
      const auto given = options.find(twice.option);
      if (given == options.end() || change.pointer != twice.pointer ||
          Bare(change.value) == given->second)
        continue;
      return absl::StrCat("--", twice.option, " ", given->second, " and --set ", change.pointer,
                          "=", change.value, " contradict each other; accepted: one of them");
    }
    for (const auto& decided : kDecided) {
      if (change.pointer != decided.pointer && !LiesInside(change.pointer, decided.pointer))
        continue;
      return absl::StrCat("--set ", change.pointer, ": in a replay that is decided by ",
                          decided.decider);
    }
  }
  return "";
}

}  // namespace ddpsim
