// Which ddpsim this is. Filled in by the build (scripts/version.cmake).
#ifndef DDPSIM_SIM_CLI_VERSION_H_
#define DDPSIM_SIM_CLI_VERSION_H_

namespace ddpsim {

extern const char kVersion[];  // of the project
extern const char kCommit[];   // "git describe --always --dirty", or "unknown"
extern const char kBuild[];    // build type and compiler
// 16 hex digits of SHA-256 over all sources that have a say in a result: two builds with the same
// simulate the same, commits that touch documentation or commands only leave it alone.
extern const char kModelVersion[];

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_VERSION_H_
