// The page's scripts and style sheets, compiled in so that a report needs no other file.
#ifndef DDPSIM_SIM_REPORT_EMBEDDED_ASSETS_H_
#define DDPSIM_SIM_REPORT_EMBEDDED_ASSETS_H_

#include "absl/types/span.h"

namespace ddpsim::report {

struct EmbeddedAsset {
  const char* name;  // of the file
  const char* text;
};

absl::Span<const EmbeddedAsset> EmbeddedAssets();

}  // namespace ddpsim::report

#endif  // DDPSIM_SIM_REPORT_EMBEDDED_ASSETS_H_
