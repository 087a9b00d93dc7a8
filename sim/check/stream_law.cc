#include "sim/check/stream_law.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {

void StreamLaw::OnHostRead(uint32_t connection, SeqNum seq, uint32_t bytes, SimTime now) {
  Looked();
  Position& position = host_[connection];
  if (position.known && position.next != seq) {
    Violate(now, absl::StrCat("connection ", connection, " read at sequence ", seq.value(),
                              ", expected ", position.next.value()));
  }
  position = {true, seq + bytes};
}

void StreamLaw::OnEnd(uint32_t connection, const char* direction, uint64_t written, uint64_t read,
                      bool orderly, SimTime now) {
  Looked();
  const bool right = orderly ? read == written : read <= written;
  if (right) return;
  Violate(now, absl::StrCat("connection ", connection, " ", direction, ": ", written,
                            " bytes written, ", read, " read"));
}

}  // namespace ddpsim
