#include "sim/check/io_completion_law.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace ddpsim {

void IoCompletionLaw::OnRequestStart(uint32_t queue, Cid cid, uint64_t io, SimTime now) {
  const bool is_new = open_.emplace(Key(queue, Tag(cid)), Request{io, false}).second;
  if (!is_new)
    Violate(now, absl::StrCat("queue ", queue, " cid ", cid, " started while it was open"));
}

void IoCompletionLaw::OnRequestEnd(uint32_t queue, Cid cid, uint64_t io, SimTime now) {
  Looked();
  const auto it = open_.find(Key(queue, Tag(cid)));
  if (it == open_.end()) {
    Violate(now, absl::StrCat("queue ", queue, " cid ", cid, " ended but was not open"));
    return;
  }
  if (it->second.io != io) {
    Violate(now, absl::StrCat("queue ", queue, " cid ", cid, " ended for I/O ", io,
                              " but belongs to ", it->second.io));
  }
  if (it->second.mapped) {
    Violate(now,
            absl::StrCat("queue ", queue, " cid ", cid, " ended before its teardown was done"));
  }
  open_.erase(it);
}

void IoCompletionLaw::OnIoStart(uint64_t io, SimTime now) {
  if (!open_ios_.insert(io).second) {
    Violate(now, absl::StrCat("I/O ", io, " started while it was open"));
  }
}

void IoCompletionLaw::OnIoEnd(uint64_t io, SimTime now) {
  Looked();
  if (open_ios_.erase(io) == 0) {
    Violate(now, absl::StrCat("I/O ", io, " ended but was not open"));
  }
}

void IoCompletionLaw::OnSetup(uint32_t queue, Ccid ccid, SimTime now) {
  const auto it = open_.find(Key(queue, Tag(ccid)));
  if (it == open_.end()) {
    Violate(now, absl::StrCat("queue ", queue, " ccid ", ccid, " mapped without a request"));
    return;
  }
  it->second.mapped = true;
}

void IoCompletionLaw::OnTeardown(uint32_t queue, Ccid ccid) {
  torn_[queue].push_back(Tag(ccid));
  last_torn_ = queue;
}

void IoCompletionLaw::OnTeardownLost() { torn_[last_torn_].pop_back(); }

void IoCompletionLaw::CheckOrder(uint32_t queue, uint16_t tag, SimTime now) {
  std::deque<uint16_t>& torn = torn_[queue];
  const auto at = absl::c_find(torn, tag);
  if (at == torn.end()) return;  // cancelled with its queue, before any teardown
  if (at != torn.begin()) {
    Violate(now, absl::StrCat("queue ", queue, " ccid ", tag, " torn down before ccid ",
                              torn.front(), ", for which that was asked earlier"));
  }
  torn.erase(torn.begin(), at + 1);
}

void IoCompletionLaw::OnTeardownDone(uint32_t queue, Ccid ccid, SimTime now) {
  CheckOrder(queue, Tag(ccid), now);
  const auto it = open_.find(Key(queue, Tag(ccid)));
  if (it == open_.end() || !it->second.mapped) {
    Violate(now, absl::StrCat("queue ", queue, " ccid ", ccid, " torn down but was not mapped"));
    return;
  }
  it->second.mapped = false;
}

void IoCompletionLaw::Finish(SimTime now) {
  if (!open_.empty()) Violate(now, absl::StrCat(open_.size(), " requests never ended"));
  if (!open_ios_.empty()) Violate(now, absl::StrCat(open_ios_.size(), " I/Os never ended"));
}

}  // namespace ddpsim
