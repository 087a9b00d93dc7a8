// Accounts for every delivered byte of C2HData payload: placed by the NIC, or not and why. The NIC
// says why for each packet when it arrives; the host says what reached the request's buffer and
// how. Both meet in the stream: by flow and sequence number. Invariants: (1) each stream byte
// counts once, as the first packet that brought it; (2) payload = placed + sum of reasons.
#ifndef DDPSIM_SIM_CHECK_PLACEMENT_LEDGER_H_
#define DDPSIM_SIM_CHECK_PLACEMENT_LEDGER_H_

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "ddpsim/base/seq_num.h"
#include "ddpsim/hw/nic_observer.h"
#include "sim/check/recent_map.h"

namespace ddpsim {

class PlacementLedger {
 public:
  // `io_bytes` below `threshold`: what the NIC calls not mapped was never meant to be.
  explicit PlacementLedger(bool below_threshold) : below_threshold_(below_threshold) {}

  // Of the request whose data is delivered next, where requests differ in size: it is too small to
  // be mapped, or has more pages than a mapping.
  void set_request(bool below_threshold, bool above_sgl) {
    below_threshold_ = below_threshold;
    above_sgl_ = above_sgl;
  }

  // Flows are named by the host's port.
  void OnReceived(uint16_t host_port, const RxVerdict& verdict);
  void OnDelivered(uint16_t host_port, SeqNum seq, uint32_t bytes, bool placed);
  // Counts from here on (start of the measured window) and no more after Stop().
  void Start();
  void Stop() { counting_ = false; }

  uint64_t payload_bytes() const { return payload_; }
  uint64_t placed_bytes() const { return placed_; }
  uint64_t packets() const { return packets_; }
  uint64_t offloaded_packets() const { return offloaded_packets_; }
  // Bytes per reason, in the order of NotPlacedReason; names with a count of 0 are left out.
  std::vector<std::pair<std::string, uint64_t>> NotPlaced() const;
  // Bytes that went up in software because the context had lost its place.
  uint64_t unoffloaded_by_resync() const;
  // Placed fraction of each tenth of the payload.
  std::array<double, 10> Intervals() const;

 private:
  static constexpr size_t kAliasLost =
      kNotPlacedReasons;  // placed, but the skb was copied before delivery
  static constexpr size_t kBelowThreshold = kNotPlacedReasons + 1;
  static constexpr size_t kAboveSgl = kNotPlacedReasons + 2;
  static constexpr size_t kReasons = kNotPlacedReasons + 3;
  static constexpr uint64_t kSampleBytes = 64 << 10;
  struct Span {
    SeqNum begin;
    SeqNum end;
    uint8_t reason;
  };
  struct Flow {
    bool has_context = false;
    std::deque<Span> spans;  // sorted, disjoint
  };
  void Insert(Flow* flow, Span span);
  void Count(uint32_t bytes, size_t reason);

  bool below_threshold_;
  bool above_sgl_ = false;
  bool counting_ = false;
  RecentMap<uint16_t, Flow> flows_;
  uint64_t payload_ = 0;
  uint64_t placed_ = 0;
  uint64_t packets_ = 0;
  uint64_t offloaded_packets_ = 0;
  std::array<uint64_t, kReasons> reasons_{};
  std::vector<std::pair<uint64_t, uint64_t>>
      samples_;  // (payload, placed) so far, every kSampleBytes
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_PLACEMENT_LEDGER_H_
