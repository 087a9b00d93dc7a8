// What the NIC decided about each received frame, for whoever keeps accounts (placed fraction,
// reasons, trace comments). The NIC works alike without an observer. Spans and offsets count TCP
// payload bytes of the packet from its first. Left out: which bytes are C2HData when the NIC itself
// does not know (it lost sync): the observer knows the stream. Invariant: the placement and the
// spans of `not_placed` do not overlap and together cover the payload.
#ifndef DDPSIM_HW_NIC_OBSERVER_H_
#define DDPSIM_HW_NIC_OBSERVER_H_

#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/seq_num.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {

enum class NotPlacedReason : uint8_t {
  kNotOffloadedQueue,  // no offload context, or not started
  kPlacementOff,       // the context only verifies digests
  kBadChecksum,
  kRetransmission,  // before the expected sequence number
  kDataGap,         // beyond it, within a PDU whose data was lost, and ddp_across_data_gap is off
  kReanchor,        // the packet after a data gap in which the next PDU header was found
  kSearching,       // a PDU header was lost or broken
  kTracking,        // a candidate header was found, the driver's answer or the next PDU is awaited
  kOnePerPacket,    // another PDU's data was placed from this packet
  kNotMapped,    // no mapping for the ccid: below the threshold, or its UMR has not been executed
  kOutOfBounds,  // exceeds the mapping
  kNotData,      // PDU headers, digests, padding, PDUs of other types
};
inline constexpr int kNotPlacedReasons = 12;

// Name as in results: "not_mapped".
const char* NotPlacedReasonName(NotPlacedReason reason);

struct NotPlacedSpan {
  uint32_t offset = 0;
  uint32_t size = 0;
  NotPlacedReason reason = NotPlacedReason::kNotData;
  friend bool operator==(const NotPlacedSpan& a, const NotPlacedSpan& b) {
    return a.offset == b.offset && a.size == b.size && a.reason == b.reason;
  }
};

struct NicPlacement {
  Ccid ccid = 0;
  uint32_t generation = 0;  // of the mapping
  uint32_t ccoff = 0;
  uint32_t offset = 0;
  uint32_t size = 0;
};

enum class OffloadState : uint8_t { kOffloading, kSearching, kTracking };

struct RxVerdict {
  FourTuple flow;
  uint32_t tirn = 0;       // of the rule that the flow has
  uint32_t tag_table = 0;  // of that TIR
  SeqNum seq;
  uint32_t payload_size = 0;
  bool has_context = false;
  OffloadState state = OffloadState::kOffloading;  // after the packet; only with has_context
  bool offloaded = false;  // the context walked it in sync: all that it tells of it holds
  bool ddgst_ok = false;
  std::optional<NicPlacement> placement;
  std::optional<SeqNum> resync_request;
  absl::Span<const NotPlacedSpan> not_placed;
};

// The static parameters of an offload context, as far as they change what it does.
struct ContextParams {
  bool header_digest = false;
  bool data_digest = false;
  bool places = false;    // zero_copy_en
  bool verifies = false;  // ddgst_offload_en
};

class NicObserver {
 public:
  virtual ~NicObserver() = default;
  // A TCP frame was delivered to its receive queue.
  virtual void OnReceived(const Frame& frame, const RxVerdict& verdict, SimTime now) {}
  // A frame was dropped because no RX WQE was free.
  virtual void OnOutOfBuffer(const Frame& frame, SimTime now) {}
  // A WQE set the static parameters of a TIR's context; a started one takes `answer` for the
  // driver's word that a PDU begins there.
  virtual void OnContextParams(uint32_t tirn, const ContextParams& params, SeqNum answer) {}
  // A WQE started the context.
  virtual void OnContextStart(uint32_t tirn, SeqNum next_pdu, bool searching) {}
  // A UMR was executed: of the ccid's buffer so many bytes can be placed now; 0: it is free.
  virtual void OnMapping(uint32_t tag_table, Ccid ccid, uint64_t mapped_bytes, uint64_t length) {}
  // The driver asked for an interrupt of this CQ, before what comes of it.
  virtual void OnCqArmed(uint32_t cqn, uint32_t vector, SimTime now) {}
};

}  // namespace ddpsim

#endif  // DDPSIM_HW_NIC_OBSERVER_H_
