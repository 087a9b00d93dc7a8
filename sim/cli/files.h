// Reading inputs whole, within bounds, and writing outputs whole, with errors in words.
// Invariant: a regular output file is either the old one or the complete new one; devices and pipes
// are written directly.
#ifndef DDPSIM_SIM_CLI_FILES_H_
#define DDPSIM_SIM_CLI_FILES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ddpsim {

// What people write: scenarios, plans, traces.
inline constexpr size_t kMaxInputFile = size_t{32} << 20;
// What the program wrote: plans of large sweeps, results, logs.
inline constexpr size_t kMaxOwnFile = size_t{1} << 30;

// Nothing and *error if there is no regular file or pipe of at most `limit` bytes to read; *status
// (may be null) is then kExitNoInput, or kExitBadData for what is there and is no such thing.
std::optional<std::string> ReadFile(const std::string& path, std::string* error,
                                    int* status = nullptr, size_t limit = kMaxInputFile);

// What the program wrote itself: a regular file. What else stands in its place is not waited for.
std::optional<std::string> ReadOwnFile(const std::string& path, std::string* error,
                                       int* status = nullptr);

// What would keep `path` from being written, or "": asked before a long run, not after it.
std::string WhyNotWritable(const std::string& path);

// Two of these names are one regular file, of which at least one is written: what would be lost, or
// "". Empty names count for nothing, nor does one "-" (standard output) among those written.
std::string WhyClobbered(const std::vector<std::string>& read,
                         const std::vector<std::string>& written);

// What went wrong, or "".
std::string WriteFile(const std::string& path, const std::string& text);
std::string WriteStandardOutput(const std::string& text);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_FILES_H_
