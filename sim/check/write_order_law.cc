#include "sim/check/write_order_law.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "ddpsim/base/endian.h"
#include "ddpsim/hw/cqe.h"
#include "ddpsim/hw/doorbell.h"

namespace ddpsim {

void WriteOrderLaw::OnPosted(PhysAddr addr, ByteSpan data, bool is_message, SimTime done) {
  Looked();
  if (done < last_done_)
    Violate(done, absl::StrCat("posted write to ", addr, " overtakes an earlier one"));
  last_done_ = done;
  if (!is_message) {
    data_since_cqe_ += data.size();
    return;
  }
  in_flight_.push_back({addr, done});
  if (addr == kMsixAddress) CheckArmed(data, done);
  if (addr != kMsixAddress && data.size() >= sizeof(Cqe64)) CheckReceiveCqe(data, done);
}

void WriteOrderLaw::OnArmed(uint32_t cqn, uint32_t vector) {
  if (vector >= vectors_.size()) vectors_.resize(vector + 1);
  if (cqn >= vector_of_.size()) vector_of_.resize(cqn + 1, kNoVector);
  if (vector_of_[cqn] != vector) {
    if (vector_of_[cqn] != kNoVector) {
      Vector& old = vectors_[vector_of_[cqn]];
      old.armed = std::min(old.armed, --old.cqs);
    }
    vector_of_[cqn] = vector;
    ++vectors_[vector].cqs;
  }
  Vector& armed = vectors_[vector];
  armed.armed = std::min(armed.armed + 1, armed.cqs);
}

void WriteOrderLaw::CheckArmed(ByteSpan message, SimTime done) {
  const uint32_t vector = LoadLe32(message.data());
  if (vector < vectors_.size() && vectors_[vector].armed > 0) {
    --vectors_[vector].armed;
  } else {
    Violate(done, absl::StrCat("vector ", vector, " interrupts, and none of its CQs is armed"));
  }
}

void WriteOrderLaw::CheckReceiveCqe(ByteSpan bytes, SimTime done) {
  Cqe64 cqe;
  std::memcpy(&cqe, bytes.data() + bytes.size() - sizeof(Cqe64), sizeof(Cqe64));
  if (cqe.opcode() != CqeOpcode::kRespSend) return;
  if (data_since_cqe_ < cqe.byte_cnt) {
    Violate(done, absl::StrCat("CQE reports ", uint32_t{cqe.byte_cnt}, " bytes, only ",
                               data_since_cqe_, " were written before it"));
  }
  data_since_cqe_ = 0;
}

void WriteOrderLaw::OnLanded(PhysAddr addr, SimTime at) {
  if (in_flight_.empty() || in_flight_.front().addr != addr || in_flight_.front().done != at) {
    Violate(at, absl::StrCat("message to ", addr, " landed out of order or time"));
    return;
  }
  in_flight_.drop_front();
  ++cqes_landed_;
}

void WriteOrderLaw::OnInterrupt(SimTime at) {
  if (in_flight_.empty() || in_flight_.front().addr != kMsixAddress ||
      in_flight_.front().done != at) {
    Violate(at, "interrupt out of order or time");
  } else {
    in_flight_.drop_front();
  }
  // The sum of what the head of this law's header says.
  if (++interrupts_ > 2 * cqes_landed_) Violate(at, "interrupt without a CQE before it");
}

}  // namespace ddpsim
