#include "sim/cli/command_line.h"

#include <boost/program_options.hpp>
#include <charconv>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sim/cli/usage.h"
#include "sim/text/nearest_name.h"

namespace ddpsim {
namespace {

namespace po = boost::program_options;

// Boost does not count repeated flags: takes -v, -vv and --verbose away and returns how many there
// were.
int TakeVerbosity(std::vector<std::string>& arguments) {
  int verbosity = 0;
  std::vector<std::string> rest;
  bool options_end = false;
  for (const std::string& argument : arguments) {
    options_end = options_end || argument == "--";
    const bool flags = argument.size() > 1 && argument[0] == '-' &&
                       argument.find_first_not_of('v', 1) == std::string::npos;
    if (options_end || (!flags && argument != "--verbose")) {
      rest.push_back(argument);
    } else {
      verbosity += flags ? static_cast<int>(argument.size()) - 1 : 1;
    }
  }
  arguments = rest;
  return verbosity;
}

std::string UnknownOption(const std::string& given, CommandId id) {
  const std::string name = given.substr(0, given.find('='));
  return absl::StrCat("unknown option \"", name, "\"", AcceptedNames(name, OptionNames(id)));
}

// POINTER=VALUE; the pointer cannot hold a "=" before its value's.
std::string ParseOverride(const std::string& text, std::vector<Override>& out) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos)
    return "--set takes POINTER=VALUE, for example /workload/bs=128k, not \"" + text + "\"";
  const std::string pointer = text.substr(0, equals);
  if (pointer.empty() || pointer[0] != '/') {
    return "--set takes a JSON Pointer that begins with \"/\"; did you mean \"/" + text + "\"?";
  }
  out.push_back({pointer, text.substr(equals + 1)});
  return "";
}

std::string ParseSeed(const std::string& text, std::optional<int64_t>& out) {
  int64_t seed = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || seed < 0) {
    return "--seed takes an integer, 0..9223372036854775807, not \"" + text + "\"";
  }
  out = seed;
  return "";
}

// An integer of 1 or more.
std::string ParseCount(const char* option, const po::variables_map& values,
                       std::optional<int64_t>& out) {
  if (values.count(option) == 0) return "";
  const std::string& text = values[option].as<std::string>();
  int64_t count = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), count);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || count < 1) {
    return absl::StrCat("--", option, " takes an integer, 1 or more, not \"", text, "\"");
  }
  out = count;
  return "";
}

std::string TakeValidateValues(const po::variables_map& values, CommandLine* out) {
  out->exhaustive = values.count("exhaustive") > 0;
  if (values.count("mutant")) out->mutant = values["mutant"].as<std::string>();
  if (values.count("suite")) out->suite = values["suite"].as<std::string>();
  if (values.count("junit")) out->junit_file = values["junit"].as<std::string>();
  if (values.count("nipa")) out->nipa_file = values["nipa"].as<std::string>();
  std::string error = ParseCount("seeds", values, out->seeds);
  if (error.empty()) error = ParseCount("jobs", values, out->jobs);
  if (error.empty()) error = ParseCount("max-states", values, out->max_states);
  return error;
}

std::string ParseColor(const std::string& text, ColorChoice& out) {
  const std::vector<std::string> words = {"auto", "always", "never"};
  for (size_t i = 0; i < words.size(); ++i) {
    if (text != words[i]) continue;
    out = static_cast<ColorChoice>(i);
    return "";
  }
  return "--color takes no \"" + text + "\"" + AcceptedNames(text, words);
}

// An empty value would count as none: an output would silently not be written. Lists have checks of
// their own, and sbatch may get no options.
std::string FindEmptyValue(const po::options_description& described,
                           const po::variables_map& values) {
  for (const auto& [name, value] : values) {
    const bool flag = described.find(name, false).semantic()->max_tokens() == 0;
    const auto* text = boost::any_cast<std::string>(&value.value());
    if (!flag && text != nullptr && text->empty() && name != "sbatch")
      return "--" + name + " needs a value, and \"\" is none";
  }
  return "";
}

std::string TakeValues(const po::variables_map& values, CommandLine* out) {
  out->help = values.count("help") > 0;
  out->quiet = values.count("quiet") > 0;
  out->markdown = values.count("markdown") > 0;
  out->sweep_schema = values.count("sweep") > 0;
  if (out->markdown && out->sweep_schema)
    return "--markdown and --sweep ask for two pages; accepted: one of them";
  out->resync = values.count("resync") > 0;
  out->strict = values.count("strict") > 0;
  if (values.count("json")) out->json_file = values["json"].as<std::string>();
  if (values.count("pcap")) out->pcap_file = values["pcap"].as<std::string>();
  if (out->pcap_file == "-") return "--pcap takes a file, not standard output";
  if (absl::EndsWith(out->pcap_file, ".gz"))
    return "--pcap writes no compressed file; accepted: FILE.pcapng, FILE.pcap";
  if (values.count("operand")) out->operands = values["operand"].as<std::vector<std::string>>();
  for (const std::string& name : OwnOptionNames(out->command->id)) {
    if (values.count(name) == 0) continue;
    const auto* several = boost::any_cast<std::vector<std::string>>(&values[name].value());
    out->own[name] =
        several != nullptr ? absl::StrJoin(*several, ",") : values[name].as<std::string>();
  }
  std::string error = TakeValidateValues(values, out);
  if (values.count("set")) {
    for (const std::string& text : values["set"].as<std::vector<std::string>>()) {
      if (error.empty()) error = ParseOverride(text, out->overrides);
    }
  }
  if (error.empty() && values.count("seed"))
    error = ParseSeed(values["seed"].as<std::string>(), out->seed);
  if (error.empty() && values.count("color"))
    error = ParseColor(values["color"].as<std::string>(), out->color);
  return error;
}

std::string CheckOperands(const CommandLine& line) {
  const Command& command = *line.command;
  if (line.help) return "";
  if (line.operands.size() < command.min_operands)
    return absl::StrCat(command.operands, " is missing");
  if (line.operands.size() > command.max_operands) {
    return absl::StrCat("\"", line.operands[command.max_operands], "\" is too much");
  }
  for (const std::string& operand : line.operands) {
    if (operand.empty()) return "an empty file name";
  }
  return "";
}

std::string ParseOptions(std::vector<std::string> arguments, CommandLine* out) {
  out->verbosity = TakeVerbosity(arguments);
  po::options_description described;
  DescribeOptions(out->command->id, described);
  described.add_options()("operand", po::value<std::vector<std::string>>(), "");
  po::positional_options_description positional;
  positional.add("operand", -1);
  po::variables_map values;
  try {
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments)
                  .options(described)
                  .positional(positional)
                  .style(style)
                  .run(),
              values);
  } catch (const po::unknown_option& error) {
    return UnknownOption(error.get_option_name(), out->command->id);
  } catch (const po::error& error) {
    return error.what();
  }
  std::string error = FindEmptyValue(described, values);
  if (error.empty()) error = TakeValues(values, out);
  return error.empty() ? CheckOperands(*out) : error;
}

std::string WithoutCommand(const std::string& first, CommandLine* out) {
  if (first == "--help" || first == "-h") {
    out->help = true;
    return "";
  }
  if (first == "--version") {
    out->version = true;
    return "";
  }
  return "the command comes first" + AcceptedNames("", BuiltCommandNames());
}

std::string TakeCommand(const std::string& name, CommandLine* out) {
  out->command = FindCommand(name);
  if (out->command == nullptr)
    return "unknown command \"" + name + "\"" + AcceptedNames(name, BuiltCommandNames());
  if (!out->command->built)
    return "the command \"" + name + "\" is not built yet" + AcceptedNames("", BuiltCommandNames());
  return "";
}

// "help", "help COMMAND".
std::string TakeHelp(const std::vector<std::string>& arguments, CommandLine* out) {
  out->help = true;
  if (arguments.size() == 1) return "";
  if (arguments.size() > 2) return "\"" + arguments[2] + "\" is too much";
  const std::string& name = arguments[1];
  if (name == "help" || name == "--help" || name == "-h") return "";
  return TakeCommand(name, out);
}

}  // namespace

std::string ParseCommandLine(const std::vector<std::string>& arguments, CommandLine* out) {
  if (arguments.empty()) return "no command" + AcceptedNames("", BuiltCommandNames());
  const std::string& first = arguments.front();
  if (!first.empty() && first[0] == '-') return WithoutCommand(first, out);
  if (first == "help") return TakeHelp(arguments, out);
  if (std::string error = TakeCommand(first, out); !error.empty()) return error;
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (argument == "--version") out->version = true;
  }
  if (out->version) return "";
  return ParseOptions({arguments.begin() + 1, arguments.end()}, out);
}

}  // namespace ddpsim
