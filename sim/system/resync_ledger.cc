#include "sim/system/resync_ledger.h"

#include <algorithm>

namespace ddpsim {

void ResyncLedger::OnRequest(uint32_t queue, SeqNum seq, SimTime now) {
  ++requests_;
  open_[queue].push_back({seq, now});
}

void ResyncLedger::OnResponse(uint32_t queue, SeqNum seq, SimTime now) {
  ++responses_;
  std::vector<Open>& open = open_[queue];
  const auto it =
      std::find_if(open.begin(), open.end(), [&](const Open& o) { return o.seq == seq; });
  if (it == open.end()) return;
  latencies_ns_.push_back((now - it->at).ns());
  open.erase(it);
}

void ResyncLedger::OnStreamRead(uint32_t queue, SeqNum seq) {
  const auto found = open_.find(queue);
  if (found == open_.end() || found->second.empty()) return;
  std::vector<Open>& open = found->second;
  // A header is confirmed when its first byte is met, before anything behind it is read.
  const auto passed =
      std::remove_if(open.begin(), open.end(), [&](const Open& o) { return o.seq < seq; });
  false_matches_ += static_cast<uint64_t>(open.end() - passed);
  open.erase(passed, open.end());
}

}  // namespace ddpsim
