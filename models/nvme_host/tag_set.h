// Mirrors one hardware queue's blk_mq_tags with the CID of drivers/nvme/host/nvme.h (6.1): tag in
// bits 11:0, a generation in 15:12 unless NVME_QUIRK_SKIP_CID_GEN; tag 0 is reserved for Connect
// (NVMF_RESERVED_TAGS). Left out: sharing of tags, per-cpu allocation hints; a freed tag is the
// next one taken, as sbitmap's hint has it. Invariant: at most one request per tag; Find() never
// returns a request of another generation.
#ifndef DDPSIM_MODELS_NVME_HOST_TAG_SET_H_
#define DDPSIM_MODELS_NVME_HOST_TAG_SET_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "models/nvme_host/request.h"

namespace ddpsim {

class TagSet {
 public:
  // REQUIRES: 1 < depth <= 4096.
  explicit TagSet(uint32_t depth);

  // Null when all tags are taken. The request is reset but for its tag and generation.
  Request* Allocate(bool reserved);
  void Free(Request* request);
  // Gives the request its CID for the next attempt; its owner advances genctr when an attempt is
  // answered.
  static void SetCid(Request* request);
  // The started request with this CID, or null.
  Request* Find(Cid cid);
  // blk_mq_tag_to_rq(): what last had the CID's tag, also when it has ended; null if nothing had.
  Request* Last(Cid cid);
  // Calls f(Request*) for each started request in tag order.
  template <class F>
  void ForEachStarted(F f) {
    for (const auto& request : requests_) {
      if (request != nullptr && request->started) f(request.get());
    }
  }
  uint32_t depth() const { return static_cast<uint32_t>(requests_.size()); }
  bool has_free() const { return !free_.empty(); }

 private:
  // By tag, made when first allocated: most queues of a large host never use them all.
  std::vector<std::unique_ptr<Request>> requests_;
  std::vector<uint16_t> free_;  // last in, first out; without the reserved tag
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_TAG_SET_H_
