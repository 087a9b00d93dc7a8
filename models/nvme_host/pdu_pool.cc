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

PduPool::PduPool() : list_(new PduFreeList) {}

PduPool::~PduPool() {
  list_->abandoned = true;
  list_->FreeAll();
  if (list_->out == 0) delete list_;
}

RefPtr<PduBuffer> PduPool::Allocate() {
  PduBuffer* buffer = list_->head;
  if (buffer == nullptr) {
    buffer = new PduBuffer;
    buffer->list_ = list_;
  } else {
    list_->head = buffer->next_;
  }
  ++list_->out;
  return RefPtr<PduBuffer>(buffer);
}

}  // namespace ddpsim
