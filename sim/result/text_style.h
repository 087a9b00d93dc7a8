// Colours of a terminal (ECMA-48 SGR), or none: whoever writes asks for a meaning, never for a
// colour.
#ifndef DDPSIM_SIM_RESULT_TEXT_STYLE_H_
#define DDPSIM_SIM_RESULT_TEXT_STYLE_H_

#include <string>

namespace ddpsim {

enum class Tone { kPlain, kHead, kGood, kBad, kFaint };

// The text in its tone. Does not change its width on the screen.
inline std::string Toned(const std::string& text, Tone tone, bool color) {
  static constexpr const char* kCodes[] = {"", "\033[1m", "\033[32m", "\033[31m", "\033[2m"};
  if (!color || tone == Tone::kPlain || text.empty()) return text;
  return kCodes[static_cast<int>(tone)] + text + "\033[0m";
}

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_TEXT_STYLE_H_
