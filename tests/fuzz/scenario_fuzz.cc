// Any bytes as a scenario file. Property: what the loader takes, resolved and written, it takes
// again and gives the same.
#include <cstdlib>
#include <string>

#include "sim/scenario/resolved_json.h"
#include "sim/scenario/scenario_loader.h"
#include "tests/fuzz/fuzz_main.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const ddpsim::LoadResult loaded = ddpsim::LoadScenario(text, "fuzz", {});
  if (!loaded.plan) {
    if (loaded.diagnostics.ToString().empty()) std::abort();  // refused without a word
    return 0;
  }
  const std::string resolved =
      ddpsim::ResolvedJson(*loaded.plan)
          .dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const ddpsim::LoadResult again = ddpsim::LoadScenario(resolved, "resolved", {});
  if (!again.plan) std::abort();
  const std::string same =
      ddpsim::ResolvedJson(*again.plan)
          .dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  if (same != resolved) std::abort();
  return 0;
}
