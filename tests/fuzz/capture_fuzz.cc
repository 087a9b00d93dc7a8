// Any bytes as a capture file, through readers, reassembly and PDU walk. With -DDDPSIM_FUZZ=ON and
// clang++ it is a libFuzzer target; else its main() plays the files that are named, as the test
// `fuzz_corpus` does with the corpus.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "models/capture/capture_walk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int file = memfd_create("capture", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) return -1;
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  auto walk = ddpsim::CaptureWalk::Open(path, {});
  if (walk.ok()) {
    ddpsim::WalkStep step;
    for (auto more = (*walk)->Next(&step); more.ok() && *more; more = (*walk)->Next(&step))
      (*walk)->Digest(step);
    (*walk)->Finish();
  }
  close(file);
  return 0;
}

#ifndef DDPSIM_FUZZ
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    if (LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()) != 0)
      return 1;
  }
  std::printf("%d files\n", argc - 1);
  return argc > 1 ? 0 : 1;
}
#endif
