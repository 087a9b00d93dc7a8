#include "models/nvme_target/target_backend.h"

#include <algorithm>

namespace ddpsim {

void TargetBackend::Start(BackendClient* client, TargetCommand* command, SimTime now) {
  heap_.push_back({now + latency_.Next(), next_number_++, client, command});
  std::push_heap(heap_.begin(), heap_.end(), Later);
  timer_.Arm(heap_.front().at);
}

void TargetBackend::OnDeadline(SimTime now) {
  while (!heap_.empty() && heap_.front().at <= now) {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    const Entry done = heap_.back();
    heap_.pop_back();
    done.client->OnBackendDone(done.command, now);
  }
  if (!heap_.empty()) timer_.Arm(heap_.front().at);
}

}  // namespace ddpsim
