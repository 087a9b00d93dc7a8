#include "models/nvme_target/pdu_slab.h"

#include "ddpsim/base/check.h"

namespace ddpsim {

PduSlabs::~PduSlabs() {
  current_.reset();
  for (Slab* slab : free_) delete slab;
}

uint8_t* PduSlabs::Reserve(uint32_t size) {
  if (used_ + size > kSlabSize) {
    SIM_CHECK(size <= kSlabSize, "a PDU header larger than a slab");
    current_.reset();
    if (free_.empty()) free_.push_back(new Slab(this));
    current_ = RefPtr<Slab>(free_.back());
    free_.pop_back();
    used_ = 0;
  }
  return current_->data() + used_;
}

Payload PduSlabs::Commit(uint32_t size) {
  Payload payload{current_->data() + used_, size, 0, current_};
  used_ += size;
  return payload;
}

}  // namespace ddpsim
