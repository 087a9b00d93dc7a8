#include "models/nvme_target/target_observer.h"

namespace ddpsim {

const char* RefusalName(Refusal why) {
  switch (why) {
    case Refusal::kHeaderDigest:
      return "header_digest";
    case Refusal::kDataDigest:
      return "data_digest";
    case Refusal::kR2TAnswer:
      return "r2t_answer";
    case Refusal::kHeader:
      return "header";
    case Refusal::kCommand:
      return "command";
    case Refusal::kAborted:
      return "aborted";
  }
  return "";
}

}  // namespace ddpsim
