#include "models/nvme_host/pdu_pool.h"

namespace ddpsim {

// Outlives the pool while buffers are out.
struct PduFreeList {
  PduBuffer* head = nullptr;
  int64_t out = 0;
  bool abandoned = false;

  void FreeAll() {
    while (head != nullptr) {
      PduBuffer* next = head->next_;
      delete head;
      head = next;
    }
  }
};

void PduBuffer::Recycle() {
  PduFreeList* list = list_;
  next_ = list->head;
  list->head = this;
  --list->out;
  if (!list->abandoned) return;
  const bool last = list->out == 0;
  list->FreeAll();
  if (last) delete list;
}

PduPool::PduPool(HostMemory* memory) : memory_(memory), list_(new PduFreeList) {}

void PduPool::TakePage() {
  constexpr uint32_t kSlot = 192;  // kMaxPduHeader in whole cache lines
  static_assert(kSlot >= kMaxPduHeader);
  const PhysAddr page = memory_->Allocate(HostMemory::kPageSize);
  for (uint64_t at = 0; at + kSlot <= HostMemory::kPageSize; at += kSlot) {
    auto* buffer = new PduBuffer;
    buffer->list_ = list_;
    buffer->addr_ = page + at;
    buffer->bytes_ = memory_->At(page + at, kSlot);
    buffer->next_ = list_->head;
    list_->head = buffer;
  }
}

PduPool::~PduPool() {
  list_->abandoned = true;
  list_->FreeAll();
  if (list_->out == 0) delete list_;
}

RefPtr<PduBuffer> PduPool::Allocate() {
  if (list_->head == nullptr) TakePage();
  PduBuffer* buffer = list_->head;
  list_->head = buffer->next_;
  ++list_->out;
  return RefPtr<PduBuffer>(buffer);
}

}  // namespace ddpsim
