// Files that are whole or not there, whatever dies when: written beside their place, flushed to the
// disk, renamed, and the folder flushed (as SQLite and git do). Sealed files also carry a checksum
// of themselves and the id they belong to, as last members of their JSON object, so that what a
// broken disk or a copy made of them is found out. Left out: file systems whose rename is not
// atomic.
#ifndef DDPSIM_SIM_SWEEP_DURABLE_FILE_H_
#define DDPSIM_SIM_SWEEP_DURABLE_FILE_H_

#include <optional>
#include <string>

namespace ddpsim::sweep {

// `temporary` must be on the file system of `path`. What went wrong, or "".
std::string CommitFile(const std::string& path, const std::string& temporary,
                       const std::string& text);

// The text of a JSON object that ends in "\n}\n", with id and checksum.
std::string Seal(const std::string& object, const std::string& id);

// Whether `text` is sealed for `id` and unchanged since.
bool SealHolds(const std::string& text, const std::string& id);

// The text, if the file is there and its seal holds.
std::optional<std::string> ReadSealed(const std::string& path, const std::string& id);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_DURABLE_FILE_H_
