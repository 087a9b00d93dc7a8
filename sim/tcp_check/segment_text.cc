#include "sim/tcp_check/segment_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "ddpsim/wire/tcp_segment.h"

namespace ddpsim {
namespace {

struct FlagName {
  const char* name;
  uint8_t bit;
};

constexpr FlagName kFlags[] = {{"SYN", kTcpSyn}, {"FIN", kTcpFin}, {"RST", kTcpRst},
                               {"PSH", kTcpPsh}, {"ACK", kTcpAck}, {"URG", kTcpUrg},
                               {"ECE", kTcpEce}, {"CWR", kTcpCwr}};

// By value of the field (IpEcn).
constexpr const char* kIpEcnNames[] = {"noecn", "ect1", "ect0", "ce"};

std::string OptionsText(const TraceSegment& segment) {
  if (segment.any_options) return " <any>";
  std::vector<std::string> words;
  if (segment.mss) words.push_back(absl::StrCat("mss ", *segment.mss));
  if (segment.sack_ok) words.push_back("sack_ok");
  if (segment.ts) words.push_back(absl::StrCat("ts ", segment.ts->val, " ecr ", segment.ts->ecr));
  if (segment.wscale) words.push_back(absl::StrCat("wscale ", *segment.wscale));
  if (!segment.sack.empty()) {
    std::vector<std::string> blocks;
    for (const auto& [left, right] : segment.sack) blocks.push_back(absl::StrCat(left, ":", right));
    words.push_back("sack " + absl::StrJoin(blocks, " "));
  }
  return words.empty() ? "" : " <" + absl::StrJoin(words, ", ") + ">";
}

}  // namespace

std::vector<std::string> FlagNames() {
  std::vector<std::string> names;
  for (const FlagName& flag : kFlags) names.emplace_back(flag.name);
  return names;
}

uint8_t FlagNamed(const std::string& name) {
  for (const FlagName& flag : kFlags) {
    if (name == flag.name) return flag.bit;
  }
  return 0;
}

std::string IpEcnName(uint8_t field) { return kIpEcnNames[field & 3]; }

uint8_t IpEcnNamed(const std::string& name) {
  for (uint8_t field = 0; field < 4; ++field) {
    if (name == kIpEcnNames[field]) return field;
  }
  return kIpNotEct;
}

std::string ToString(const TraceSegment& segment) {
  std::vector<std::string> flags;
  for (const FlagName& flag : kFlags) {
    if ((segment.flags & flag.bit) != 0) flags.emplace_back(flag.name);
  }
  std::string out =
      absl::StrCat(flags.empty() ? "none" : absl::StrJoin(flags, ","), " ", segment.seq, ":",
                   segment.seq + segment.len, "(", segment.len, ")");
  if (segment.ack) absl::StrAppend(&out, " ack ", *segment.ack);
  absl::StrAppend(&out, " win ", segment.win ? absl::StrCat(*segment.win) : "any");
  if (!segment.ip_ecn.empty() && segment.ip_ecn != "noecn")
    absl::StrAppend(&out, " ", segment.ip_ecn);
  return out + OptionsText(segment);
}

std::string MillisecondsText(int64_t us) {
  return absl::StrFormat("%.3f ms", static_cast<double>(us) / 1000);
}

}  // namespace ddpsim
