#include "models/nvme_host/tag_set.h"

#include <utility>

#include "ddpsim/base/check.h"
#include "ddpsim/base/mutant.h"

namespace ddpsim {

TagSet::TagSet(uint32_t depth) : requests_(depth) {
  SIM_CHECK(depth > 1 && depth <= 4096);
  for (uint32_t tag = depth - 1; tag >= 1; --tag) free_.push_back(static_cast<uint16_t>(tag));
}

Request* TagSet::Allocate(bool reserved) {
  uint16_t tag = 0;
  if (!reserved) {
    if (free_.empty()) return nullptr;
    tag = free_.back();
    free_.pop_back();
  }
  if (requests_[tag] == nullptr) requests_[tag] = std::make_unique<Request>();
  Request& request = *requests_[tag];
  if (request.in_use) return nullptr;
  std::vector<SglEntry> sgl = std::move(request.sgl);
  sgl.clear();
  const uint8_t genctr = request.genctr;
  const PhysAddr addr = request.addr;
  uint8_t* const data = request.data;
  request = Request();
  if (DDPSIM_MUTANT(kWriteStaleBuffer)) request.addr = addr, request.data = data;
  request.sgl = std::move(sgl);
  request.tag = tag;
  request.genctr = genctr;
  request.in_use = true;
  return &request;
}

void TagSet::Free(Request* request) {
  SIM_CHECK(request->in_use && !request->started && !request->teardown_pending);
  request->in_use = false;
  request->pdu.reset();
  if (request->tag != 0) free_.push_back(request->tag);
}

void TagSet::SetCid(Request* request) {
  request->cid = static_cast<Cid>((request->genctr & 0xf) << 12 | request->tag);
}

Request* TagSet::Find(Cid cid) {
  const uint16_t tag = cid & 0xfff;
  if (tag >= requests_.size()) return nullptr;
  Request* request = requests_[tag].get();
  return request != nullptr && request->started && request->cid == cid ? request : nullptr;
}

Request* TagSet::Last(Cid cid) {
  const uint16_t tag = cid & 0xfff;
  return tag < requests_.size() ? requests_[tag].get() : nullptr;
}

}  // namespace ddpsim
