#include "sim/cli/usage.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ddpsim {
namespace {

struct Option {
  const char* name;      // "help,h": the short form behind the comma, as Boost has it
  const char* argument;  // null: a flag
  bool repeatable;
  const char* help;
};

constexpr Option kRunOptions[] = {
    {"set", "POINTER=VALUE", true,
     "change a setting, for example --set /workload/bs=128k (repeatable)"},
    {"seed", "N", false, "seed of every random stream"},
    {"json", "FILE", false,
     "write the result as JSON; -: to standard output, instead of the table"},
    {"pcap", "FILE", false,
     "write what the host's NIC sends and receives (.pcap, or .pcapng with comments)"},
    {"quiet,q", nullptr, false, "no table and no progress"},
    {"color", "WHEN", false, "auto, always or never"},
};
constexpr Option kReplayOptions[] = {
    {"json", "FILE", false,
     "write the result as JSON; -: to standard output, instead of the table"},
    {"pcap", "FILE", false, "write the capture again, each packet with what the NIC did (.pcapng)"},
    {"set", "POINTER=VALUE", true,
     "change a setting of the host, for example --set /host/nic/offload/io_threshold=4k"},
    {"quiet,q", nullptr, false, "no table and no progress"},
    {"color", "WHEN", false, "auto, always or never"},
};
// Of replay alone.
constexpr Option kReplayOwnOptions[] = {
    {"port", "N", false, "TCP port of the target (4420)"},
    {"speed", "X", false, "play X times as fast as captured (1); max: as fast as 100 Gb/s"},
    {"compare", "MODES", false, "modes to play it in, the first is the baseline (all)"},
    {"header-digest", "WHICH", false, "yes, no or auto: of connections begun before the capture"},
    {"data-digest", "WHICH", false, "the same of data digests"},
    {"mtu", "N", false, "of the path, to cut super-segments by (from the SYNs)"},
    {"search", "WHERE", false, "where the NIC looks for headers: packet_start or any_offset"},
    {"driver", "VERSION", false, "revision of the patch series: v1 .. v30"},
    {"profile", "NAME", false, "cost profile of the host"},
    {"cores", "N", false, "cores of the host (one per connection, at most 8)"},
};
constexpr Option kSchemaOptions[] = {
    {"markdown", nullptr, false, "print the reference page of scenarios and results"},
};
// Handled by hand, for they repeat or need no command.
constexpr Option kCommonOptions[] = {
    {"verbose,v", nullptr, false, "say more on standard error (repeatable)"},
    {"version", nullptr, false, "print the version"},
    {"help,h", nullptr, false, "print this help"},
};

std::vector<Option> OptionsOf(CommandId id) {
  std::vector<Option> out;
  if (id == CommandId::kRun) out.assign(std::begin(kRunOptions), std::end(kRunOptions));
  if (id == CommandId::kReplay) {
    out.assign(std::begin(kReplayOptions), std::end(kReplayOptions));
    out.insert(out.end(), std::begin(kReplayOwnOptions), std::end(kReplayOwnOptions));
  }
  if (id == CommandId::kSchema) out.assign(std::begin(kSchemaOptions), std::end(kSchemaOptions));
  out.insert(out.end(), std::begin(kCommonOptions), std::end(kCommonOptions));
  return out;
}

std::string LongName(const Option& option) {
  const std::string name = option.name;
  return "--" + name.substr(0, name.find(','));
}

// "-h, --help" or "    --set POINTER=VALUE".
std::string Shown(const Option& option) {
  const std::string name = option.name;
  const size_t comma = name.find(',');
  const std::string brief =
      comma == std::string::npos ? "    " : "-" + name.substr(comma + 1) + ", ";
  return brief + LongName(option) +
         (option.argument == nullptr ? "" : std::string(" ") + option.argument);
}

std::string OptionsHelp(CommandId id) {
  std::string out = "\noptions:\n";
  for (const Option& option : OptionsOf(id))
    absl::StrAppendFormat(&out, "  %-27s %s\n", Shown(option), option.help);
  return out;
}

constexpr char kStatusHelp[] =
    "\nexit status: 0 ok, 1 a verification or expectation failed or no data moved, 2 usage,\n"
    "65 bad scenario or capture, 66 input missing, 70 model bug, 74 I/O error, 130/143 "
    "interrupted\n";

}  // namespace

void DescribeOptions(CommandId id, boost::program_options::options_description& out) {
  namespace po = boost::program_options;
  for (const Option& option : OptionsOf(id)) {
    if (option.argument == nullptr) {
      out.add_options()(option.name, option.help);
    } else if (option.repeatable) {
      out.add_options()(option.name, po::value<std::vector<std::string>>(), option.help);
    } else {
      out.add_options()(option.name, po::value<std::string>(), option.help);
    }
  }
}

std::vector<std::string> OwnOptionNames(CommandId id) {
  std::vector<std::string> names;
  if (id != CommandId::kReplay) return names;
  for (const Option& option : kReplayOwnOptions) names.push_back(option.name);
  return names;
}

std::vector<std::string> OptionNames(CommandId id) {
  std::vector<std::string> names;
  for (const Option& option : OptionsOf(id)) names.push_back(LongName(option));
  return names;
}

std::string UsageLine(const Command* command) {
  if (command == nullptr) return "usage: ddpsim COMMAND [ARGUMENT...] [OPTION...]";
  const std::string operands =
      *command->operands == '\0' ? "" : absl::StrCat(" ", command->operands);
  return absl::StrCat("usage: ddpsim ", command->name, operands, " [OPTION...]");
}

std::string HelpText(const Command* command) {
  std::string out = UsageLine(command) + "\n";
  if (command != nullptr) {
    return absl::StrCat(out, "\n", command->summary, "\n", OptionsHelp(command->id), kStatusHelp);
  }
  out +=
      "\nddpsim simulates a storage host whose NIC offloads NVMe/TCP receive: direct data "
      "placement and data digests.\n"
      "\ncommands:\n";
  for (const Command& one : Commands()) {
    if (one.built)
      absl::StrAppendFormat(&out, "  %-20s %s\n", absl::StrCat(one.name, " ", one.operands),
                            one.summary);
  }
  return out + "\n\"ddpsim COMMAND --help\" says more.\n" + kStatusHelp;
}

}  // namespace ddpsim
