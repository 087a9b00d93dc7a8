// Any bytes as a capture file, through readers, reassembly and PDU walk.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "models/capture/capture_walk.h"
#include "tests/fuzz/fuzz_main.h"

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
