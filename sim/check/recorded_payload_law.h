// Of a replay: every PDU's data in its buffer is what the capture has in that PDU. The walk of the
// captured stream says what is in it, by length and CRC32C, before the simulated host can have read
// it. Stands in for the delivery law, which knows what a disk holds.
#ifndef DDPSIM_SIM_CHECK_RECORDED_PAYLOAD_LAW_H_
#define DDPSIM_SIM_CHECK_RECORDED_PAYLOAD_LAW_H_

#include <cstdint>
#include <deque>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "ddpsim/net/host_observer.h"
#include "models/mem/host_memory.h"
#include "sim/check/law.h"

namespace ddpsim {

class RecordedPayloadLaw : public Law {
 public:
  explicit RecordedPayloadLaw(const HostMemory* memory)
      : Law("delivered_bytes_right"), memory_(memory) {}

  struct RecordedPdu {
    Cid cid = 0;
    uint32_t data_offset = 0;
    uint32_t data_length = 0;
    uint32_t crc = 0;  // of its data
    bool diverged = false;
  };
  void OnRecorded(uint32_t queue, const RecordedPdu& pdu) { recorded_[queue].push_back(pdu); }
  // From here on host and walk may read different PDUs: lengths contradict each other, and nvme-tcp
  // goes by other ones than the walk. Until Forget() only what both have read is compared, and a
  // difference is none of the host's.
  void OnDiverged(uint32_t queue) { recorded_[queue].push_back({0, 0, 0, 0, true}); }
  // As if it had diverged before what is recorded already.
  void Excuse(uint32_t queue) {
    std::deque<RecordedPdu>& recorded = recorded_[queue];
    if (recorded.empty() || !recorded.front().diverged) recorded.push_front({0, 0, 0, 0, true});
  }
  // The queue's stream is read anew from somewhere else.
  void Forget(uint32_t queue) {
    recorded_.erase(queue);
    doubted_.erase(queue);
  }
  // From here on the capture holds copies with other bytes, and nobody can tell which of them the
  // host took: what the queue receives is looked at and not judged.
  void Doubt(uint32_t queue) { doubted_.insert(queue); }
  void OnPduAccepted(const PduAccepted& pdu, SimTime now);
  // PDUs that only the host has read, behind a divergence.
  uint64_t not_comparable() const { return not_comparable_; }

  uint64_t bytes_checked() const { return bytes_checked_; }
  uint64_t wrong_bytes() const { return wrong_bytes_; }

 private:
  static bool Same(const RecordedPdu& recorded, const PduAccepted& pdu);
  bool BytesAgree(const RecordedPdu& recorded, const PduAccepted& pdu) const;
  void OnBehindDivergence(std::deque<RecordedPdu>* recorded, const PduAccepted& pdu);

  const HostMemory* memory_;
  absl::btree_map<uint32_t, std::deque<RecordedPdu>> recorded_;
  absl::btree_set<uint32_t> doubted_;
  uint64_t bytes_checked_ = 0;
  uint64_t not_comparable_ = 0;
  uint64_t wrong_bytes_ = 0;  // of PDUs with any wrong byte
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_RECORDED_PAYLOAD_LAW_H_
