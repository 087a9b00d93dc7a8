#include "sim/system/warnings.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "sim/system/system_config.h"

namespace ddpsim {
namespace {

void WarnOfUnmet(const std::string& direction, const UnmetFaults& unmet, std::vector<Warning>* to) {
  const auto list = [&](const char* setting, uint64_t count) {
    if (count == 0) return;
    to->push_back(
        {"packets_never_came",
         absl::StrCat(count,
                      " of the packets listed never came before the run or its faults ended"),
         absl::StrCat("/network/", direction, "/", setting)});
  };
  list("loss/packets", unmet.loss);
  list("reorder/list", unmet.reorder);
  list("duplicate/list", unmet.duplicate);
  list("corrupt/list", unmet.corrupt);
  if (unmet.script_steps == 0) return;
  to->push_back(
      {"segments_never_sent",
       absl::StrCat(unmet.script_steps,
                    " of the segments were never sent on: the bytes did not come, or came "
                    "before faults began"),
       absl::StrCat("/network/", direction, "/script/segments")});
}

}  // namespace

std::vector<Warning> WarningsOf(const Scenario& scenario, System* system) {
  std::vector<Warning> warnings;
  WarnOfUnmet("c2h", system->c2h().unmet_faults(), &warnings);
  WarnOfUnmet("h2c", system->h2c().unmet_faults(), &warnings);
  const int64_t rcvbuf = scenario.host.tcp.rcvbuf;
  if (rcvbuf != 0 && rcvbuf < kMinRcvbuf) {
    warnings.push_back({"value_raised",
                        absl::StrCat("counts as ", kMinRcvbuf,
                                     ", the least that SO_RCVBUF sets (SOCK_MIN_RCVBUF)"),
                        "/host/tcp/rcvbuf"});
  }
  return warnings;
}

}  // namespace ddpsim
