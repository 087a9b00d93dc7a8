// Recognises records that are copies of one packet: seen by two probes (several interfaces, before
// and behind a router, with and without a VLAN tag or tunnel), or mirrored twice by a span port.
//
// Two records are the same packet when addresses, IP identification and the whole TCP segment are
// equal, save the checksum, which a device may have filled in between, and are recorded within
// kCopyWindow; at any time if they are seen in different places with an identification, for clocks
// of two probes may differ. A retransmission of a sender that numbers its packets (Linux) has
// another identification. What such records are:
// - seen in different places (interface, link addresses, tags, TTL): copies;
// - seen in the same place: copies if at least half of the packets of that direction of the
//   connection come so, because a span port mirrors all; else duplicates that the network made,
//   which the receiver has received.
// From senders without identifications (0, IPv6) a retransmission looks alike: the same place seen
// a second time begins a new packet there too. Left out: packets merged or cut on the way between
// two probes. Invariant: what is remembered is bounded.
#ifndef DDPSIM_MODELS_CAPTURE_RECORD_COPIES_H_
#define DDPSIM_MODELS_CAPTURE_RECORD_COPIES_H_

#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "models/capture/captured_packet.h"

namespace ddpsim {

// Longer than the way between two probes of one site, shorter than the least time after which
// Linux sends again without being told (TCP_RTO_MIN, 200 ms).
inline constexpr int64_t kCopyWindow = 50'000'000;

class RecordCopies {
 public:
  enum class Verdict : uint8_t { kNew, kSeenElsewhere, kRepeated };

  // `doubled`: directions whose repeated records are copies. May be null.
  explicit RecordCopies(const absl::btree_set<CapturedFlow>* doubled) : doubled_(doubled) {}

  // The packet is whole, or cut behind its TCP header.
  bool IsCopy(const CapturedPacket& packet, int64_t time_ns);

  // Of what has been seen: directions of which at least half of the packets were repeated in place.
  absl::btree_set<CapturedFlow> Doubled() const;
  // Copies seen elsewhere.
  uint64_t seen_elsewhere() const { return seen_elsewhere_; }

 private:
  // Few enough to stay in a cache; the oldest of a set makes room.
  static constexpr size_t kSets = 4096;
  static constexpr size_t kWays = 4;
  static constexpr size_t kPlaces = 4;  // probes on one path
  static constexpr size_t kMaxFlows = 32768;

  // Of the flow and the whole segment: two packets of one fingerprint are the same.
  using Fingerprint = uint64_t;
  struct Entry {
    Fingerprint fingerprint = 0;
    int64_t time_ns = 0;
    uint32_t places[kPlaces] = {};
    uint8_t place_count = 0;  // 0: it is new
    bool repeated = false;
  };
  struct Flow {
    uint32_t number = 0;
    bool doubled = false;
    uint64_t packets = 0;
    uint64_t repeated = 0;
  };

  Flow* FlowOf(const CapturedFlow& flow);
  static Fingerprint FingerprintOf(const CapturedPacket& packet, const Flow& flow);
  // Without a place when it is new.
  Entry& EntryOf(Fingerprint fingerprint);
  Verdict Judge(const CapturedPacket& packet, int64_t time_ns, Flow* flow);

  const absl::btree_set<CapturedFlow>* doubled_;
  absl::btree_map<CapturedFlow, Flow> flows_;
  // Sets of kWays, as a cache has them. What is asked of most packets, whether they are known, is
  // told by half of the fingerprint.
  struct Set {
    uint32_t tags[kWays] = {};
    uint32_t oldest = 0;
  };
  std::vector<Set> sets_;
  std::vector<Entry> entries_;
  uint64_t seen_elsewhere_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_RECORD_COPIES_H_
