#include "sim/replay/host_notes.h"

#include <algorithm>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

// More connections than that are told in numbers.
constexpr size_t kToldConnections = 8;

// By what happened: in which modes.
using Modes = absl::btree_map<std::string, std::string>;

void AddMode(Modes* to, const std::string& what, const std::string& mode) {
  std::string& modes = (*to)[what];
  absl::StrAppend(&modes, modes.empty() ? "" : ", ", mode);
}

std::string TeardownNote(size_t index, const HostTeardown& teardown) {
  std::string text =
      absl::StrCat("connection ", index, ": nvme-tcp of Linux 6.1 ends it: ", teardown.cause);
  if (teardown.commands_after > 0) {
    absl::StrAppend(&text, "; the recorded host accepted that and sent ", teardown.commands_after,
                    " more commands");
  }
  return text;
}

void TellConnection(const ReplayResult& result, size_t index, std::vector<std::string>* notes) {
  Modes teardowns;
  Modes odd;
  const std::vector<ReplayConnectionRun>& runs = result.connections[index].runs;
  for (size_t mode = 0; mode < runs.size(); ++mode) {
    const std::string& name = result.runs[mode].mode;
    if (runs[mode].teardown.has_value())
      AddMode(&teardowns, TeardownNote(index, *runs[mode].teardown), name);
    if (runs[mode].completed_twice > 0) {
      AddMode(&odd,
              absl::StrCat("connection ", index, ": ", runs[mode].completed_twice,
                           " responses came for requests that had ended; without a generation in "
                           "the command identifier nvme_find_rq() finds them, and blk-mq warns"),
              name);
    }
    if (runs[mode].datao_ignored > 0) {
      AddMode(&odd,
              absl::StrCat("connection ", index, ": ", runs[mode].datao_ignored,
                           " C2HData PDUs have a DATAO that is not where their request stands; "
                           "nvme-tcp does not look at it and puts them one behind the other"),
              name);
    }
  }
  for (const Modes* all : {&teardowns, &odd}) {
    for (const auto& [what, modes] : *all) notes->push_back(absl::StrCat(what, " (", modes, ")"));
  }
}

}  // namespace

void AddHostNotes(ReplayResult* result) {
  std::vector<std::string> told;
  size_t connections = 0;
  int64_t above_sgl = 0;
  for (size_t i = 0; i < result->connections.size(); ++i) {
    std::vector<std::string> notes;
    TellConnection(*result, i, &notes);
    if (!notes.empty() && ++connections <= kToldConnections)
      told.insert(told.end(), notes.begin(), notes.end());
    for (const ReplayConnectionRun& run : result->connections[i].runs) {
      const auto at = run.offload.not_placed.find("above_sgl_limit");
      if (at != run.offload.not_placed.end()) above_sgl = std::max(above_sgl, at->second);
    }
  }
  result->notes.insert(result->notes.end(), told.begin(), told.end());
  if (connections > kToldConnections) {
    result->notes.push_back(absl::StrCat("so do ", connections - kToldConnections,
                                         " more connections, see their modes in --json"));
  }
  if (above_sgl > 0) {
    result->notes.push_back(
        "reads larger than a mapping of the NIC are not placed (above_sgl_limit): the block layer "
        "of a host with the offload would have split them");
  }
}

}  // namespace ddpsim
