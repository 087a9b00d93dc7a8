// What a fuzz target is when libFuzzer is not there: its main() plays the files that are named, and
// with --mutations N also N altered copies of each (bytes flipped, pieces taken out, doubled or
// taken from the next file; a function of the corpus alone). A target that finds a property broken
// aborts.
#ifndef DDPSIM_TESTS_FUZZ_FUZZ_MAIN_H_
#define DDPSIM_TESTS_FUZZ_FUZZ_MAIN_H_

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

#ifndef DDPSIM_FUZZ
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "ddpsim/base/rng.h"

namespace ddpsim::fuzz {

inline std::string Mutated(std::string text, const std::string& other, Rng* rng) {
  for (uint64_t changes = 1 + rng->Below(4); changes > 0; --changes) {
    if (text.empty()) return other;
    const size_t at = rng->Below(text.size());
    const size_t size = 1 + rng->Below(std::min<size_t>(64, text.size() - at));
    switch (rng->Below(5)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ (1 << rng->Below(8)));
        break;
      case 1:
        text[at] = "0919-\"{}[],:.eE\0\xff~"[rng->Below(18)];
        break;
      case 2:
        text.erase(at, size);
        break;
      case 3:
        text.insert(at, text.substr(at, size));
        break;
      default:
        if (!other.empty()) text.replace(at, size, other.substr(rng->Below(other.size()), size));
    }
  }
  return text;
}

inline int Play(const std::string& text) {
  return LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

}  // namespace ddpsim::fuzz

int main(int argc, char** argv) {
  int first = 1;
  int mutations = 0;
  if (argc > 2 && std::strcmp(argv[1], "--mutations") == 0) {
    mutations = std::atoi(argv[2]);
    first = 3;
  }
  std::vector<std::string> texts;
  for (int i = first; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (!file || ddpsim::fuzz::Play(texts.back()) != 0) return 1;
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    ddpsim::Rng rng(i, "fuzz");
    for (int k = 0; k < mutations; ++k) {
      const std::string& other = texts[(i + 1) % texts.size()];
      if (ddpsim::fuzz::Play(ddpsim::fuzz::Mutated(texts[i], other, &rng)) != 0) return 1;
    }
  }
  std::printf("%zu files, %d altered copies of each\n", texts.size(), mutations);
  return texts.empty() ? 1 : 0;
}
#endif

#endif  // DDPSIM_TESTS_FUZZ_FUZZ_MAIN_H_
