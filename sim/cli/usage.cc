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
    {"port", "N", true, "TCP port of the target (4420); repeatable"},
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
constexpr Option kValidateOptions[] = {
    {"seeds", "N", false, "how many seeds (200; of a scenario 10)"},
    {"seed", "S", false, "the first seed"},
    {"jobs", "J", false, "processes at a time (as many as there are cores)"},
    {"exhaustive", nullptr, false, "all histories of the offload context within bounds"},
    {"max-states", "N", false, "with --exhaustive: stop there (20,000,000)"},
    {"mutant", "NAME", false, "find a planted bug, or all; needs the test build ddpsim_mutants"},
    {"suite", "NAME", false,
     "nvme055: as blktests nvme/055; defects: of the patch series; efficiency: under loss"},
    {"set", "POINTER=VALUE", true, "change a setting of the scenario (repeatable)"},
    {"json", "FILE", false, "write what was found as JSON; -: to standard output"},
    {"junit", "FILE", false, "write it as JUnit XML; -: to standard output"},
    {"nipa", "FILE", false, "write it as NIPA's JSON, with times; -: to standard output"},
    {"quiet,q", nullptr, false, "no table"},
};
// Of validate alone.
constexpr Option kValidateOwnOptions[] = {
    {"coverage", nullptr, false, "also say how often each setting was drawn where"},
    {"write", "FOLDER", false, "write the random scenarios as files there and run none"},
};
constexpr Option kSweepOptions[] = {
    {"set", "POINTER=VALUE", true, "change a setting of every point (repeatable)"},
    {"seed", "N", false, "seed of the first repetition"},
    {"jobs", "N", false, "points at a time (as many as there are cores; slurm: tasks)"},
    {"quiet,q", nullptr, false, "no progress"},
};
// Of sweep alone.
constexpr Option kSweepOwnOptions[] = {
    {"out", "DIR", false, "where the results go"},
    {"resume", nullptr, false, "go on: what is in DIR is not run again"},
    {"dry-run", nullptr, false, "list the points and estimate the time; run nothing"},
    {"timeout", "SECONDS", false, "a point that takes longer has failed (3600)"},
    {"executor", "WHERE", false, "local, or slurm: job arrays of sbatch"},
    {"batch", "N", false, "slurm: points per task (as many as take ten seconds)"},
    {"sbatch", "OPTIONS", false, "slurm: more options for sbatch, separated by blanks"},
};
constexpr Option kReportOptions[] = {
    {"quiet,q", nullptr, false, "no table"},
    {"color", "WHEN", false, "auto, always or never"},
};
// Of report alone.
constexpr Option kReportOwnOptions[] = {
    {"html", "FILE", false, "where the page goes (DIR/report.html); -: to standard output"},
    {"metric", "NAME", false, "figure that the table shows (cycles_saved)"},
    {"plots", "FOLDER", false,
     "also write data and gnuplot scripts there, and plots as SVG and PNG"},
};
constexpr Option kSchemaOptions[] = {
    {"markdown", nullptr, false, "print the reference page of scenarios and results"},
    {"sweep", nullptr, false, "print the JSON Schema of sweep files"},
};
constexpr Option kTcpCheckOptions[] = {
    {"resync", nullptr, false, "go on after a mismatch and score matched expects"},
    {"strict", nullptr, false, "PSH differences fail too"},
    {"json", "FILE", false,
     "write the results as JSON; -: to standard output, instead of the lines"},
    {"quiet,q", nullptr, false, "no lines"},
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
  if (id == CommandId::kTcpCheck)
    out.assign(std::begin(kTcpCheckOptions), std::end(kTcpCheckOptions));
  if (id == CommandId::kReplay) {
    out.assign(std::begin(kReplayOptions), std::end(kReplayOptions));
    out.insert(out.end(), std::begin(kReplayOwnOptions), std::end(kReplayOwnOptions));
  }
  if (id == CommandId::kSweep) {
    out.assign(std::begin(kSweepOptions), std::end(kSweepOptions));
    out.insert(out.end(), std::begin(kSweepOwnOptions), std::end(kSweepOwnOptions));
  }
  if (id == CommandId::kReport) {
    out.assign(std::begin(kReportOptions), std::end(kReportOptions));
    out.insert(out.end(), std::begin(kReportOwnOptions), std::end(kReportOwnOptions));
  }
  if (id == CommandId::kValidate) {
    out.assign(std::begin(kValidateOptions), std::end(kValidateOptions));
    out.insert(out.end(), std::begin(kValidateOwnOptions), std::end(kValidateOwnOptions));
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

constexpr char kTcpCheckStatusHelp[] =
    "\nexit status: 0 none failed, 1 some failed, 2 usage, 65 a file is no trace, 66 a file is\n"
    "missing, 74 I/O error\n";
constexpr char kStatusHelp[] =
    "\nexit status: 0 ok, 1 a verification or expectation failed or no data moved, 2 usage,\n"
    "65 bad scenario, sweep or capture, 66 input missing, 70 model bug, 74 I/O error, 130/143 "
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
  auto add = [&](const auto& options) {
    for (const Option& option : options) names.push_back(option.name);
  };
  if (id == CommandId::kReplay) add(kReplayOwnOptions);
  if (id == CommandId::kValidate) add(kValidateOwnOptions);
  if (id == CommandId::kSweep) add(kSweepOwnOptions);
  if (id == CommandId::kReport) add(kReportOwnOptions);
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
    return absl::StrCat(out, "\n", command->summary, "\n", OptionsHelp(command->id),
                        command->id == CommandId::kTcpCheck ? kTcpCheckStatusHelp : kStatusHelp);
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
