// The defects of the patch series that this project knows, published or found by it, and how often
// each was met: a law says that something is wrong, this says why. Met is what happened, not what
// the settings allow. `validate --suite defects` shows the first five, and that each is gone once
// mended.
#ifndef DDPSIM_SIM_CHECK_KNOWN_DEFECTS_H_
#define DDPSIM_SIM_CHECK_KNOWN_DEFECTS_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace ddpsim {

enum class Defect : uint8_t {
  kCoalesceWithoutCrcBit,
  kDataInChunks,
  kCcidWithoutGeneration,
  kCqeAfterNextSetup,
  kOldBytesPlaced,
  kBackwardDatao,
};
inline constexpr int kDefects = 6;

struct DefectWords {
  const char* name;
  const char* setting;  // JSON Pointer of what brings it out or mends it
  const char* text;
};

const DefectWords& WordsOf(Defect defect);

class KnownDefects {
 public:
  void Met(Defect defect) { ++counts_[static_cast<size_t>(defect)]; }
  uint64_t count(Defect defect) const { return counts_[static_cast<size_t>(defect)]; }

 private:
  std::array<uint64_t, kDefects> counts_{};
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_KNOWN_DEFECTS_H_
