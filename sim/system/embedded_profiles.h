// The files of scenarios/profiles/, compiled in by sim/CMakeLists.txt so that the binary needs no
// data directory.
#ifndef DDPSIM_SIM_SYSTEM_EMBEDDED_PROFILES_H_
#define DDPSIM_SIM_SYSTEM_EMBEDDED_PROFILES_H_

#include "absl/types/span.h"

namespace ddpsim {

struct EmbeddedProfile {
  const char* name;
  const char* text;
};

// Sorted by name.
absl::Span<const EmbeddedProfile> EmbeddedProfiles();

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_EMBEDDED_PROFILES_H_
