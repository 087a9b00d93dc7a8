// Reading inputs whole and writing outputs whole, with errors in words.
// Invariant: a regular output file is either the old one or the complete new one; devices and pipes
// are written directly.
#ifndef DDPSIM_SIM_CLI_FILES_H_
#define DDPSIM_SIM_CLI_FILES_H_

#include <optional>
#include <string>

namespace ddpsim {

// Nothing and *error if the file cannot be read.
std::optional<std::string> ReadFile(const std::string& path, std::string* error);

// What would keep `path` from being written, or "": asked before a long run, not after it.
std::string WhyNotWritable(const std::string& path);

// What went wrong, or "".
std::string WriteFile(const std::string& path, const std::string& text);
std::string WriteStandardOutput(const std::string& text);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_FILES_H_
