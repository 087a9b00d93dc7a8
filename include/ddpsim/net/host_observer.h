// What passive law checkers may watch of the host's software: every method is a no-op by default,
// and no observer can change what it sees. Called at the moment the kernel would do the thing.
#ifndef DDPSIM_NET_HOST_OBSERVER_H_
#define DDPSIM_NET_HOST_OBSERVER_H_

#include <cstdint>

#include "absl/types/span.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/base/seq_num.h"
#include "ddpsim/base/sim_time.h"
#include "ddpsim/net/skb.h"
#include "ddpsim/net/ulp_ddp.h"
#include "ddpsim/wire/ip.h"

namespace ddpsim {

// How the digest of a C2HData PDU was judged.
enum class DigestJudge : uint8_t { kNone, kNic, kSoftware };

struct PduAccepted {
  uint32_t queue = 0;
  Cid cid = 0;
  uint32_t data_offset = 0;  // in the request's buffer, where the host has put it
  uint32_t datao = 0;        // where the PDU says; nvme-tcp does not look at it
  uint32_t data_length = 0;
  DigestJudge judge = DigestJudge::kNone;
  bool whole_request = false;  // software summed up all of the request and not this PDU
  bool accepted = true;  // false: the digest was wrong, the request fails with a transfer error
  uint32_t digest_received = 0;    // DDGST field as received
  absl::Span<const SglEntry> sgl;  // the request's buffer, from its first byte
};

// A CQE of a placement as the driver takes it. It names a ccid, but not which of its mappings: the
// driver takes the newest, and adds frags from where its SGL cursor stands.
struct PlacementReport {
  uint16_t host_port = 0;
  SeqNum seq;  // of the packet's payload
  Ccid ccid = 0;
  uint32_t ccoff = 0;
  uint32_t cclen = 0;
  uint32_t mapping = 0;         // how many setups of the ccid there were
  uint32_t cursor = 0;          // where in the buffer its frags begin; right: at ccoff
  uint32_t cursor_mapping = 0;  // in which mapping the cursor began
  bool past_sgl = false;        // the SGL ends before the placed bytes do
};

// Why the driver throws a packet away (rx-nvme-tcp-drop).
enum class DriverDrop : uint8_t {
  kNoQueue,       // its CQE's flow tag names no queue (any more)
  kTooManyFrags,  // its placed bytes need more frags than an skb has
  kPastSgl,       // the driver walked past the end of the SGL
};

// What the driver finds no room for in a queue's ICOSQ: it is lost.
enum class IcosqPost : uint8_t { kSetup, kTeardown, kResyncAnswer };

class HostObserver {
 public:
  virtual ~HostObserver() = default;
  // Driver: an skb leaves the driver for GRO; `packet_bytes` is byte_cnt of its CQE.
  virtual void OnDriverSkb(const Skb& skb, uint32_t packet_bytes, SimTime now) {}
  // Driver: the skb of a placement was rebuilt, or could not be.
  virtual void OnPlacementReport(const PlacementReport& report, SimTime now) {}
  // Driver: a packet's skb is freed instead; the NIC had placed `placed_bytes` of it.
  virtual void OnDriverDrop(const Skb& skb, DriverDrop why, uint32_t placed_bytes, SimTime now) {}
  // ULP: a queue gives its offload up, just before sk_del; `flow` as received.
  virtual void OnSkDel(uint32_t queue, const FourTuple& flow, SimTime now) {}
  virtual void OnDdpSetup(uint32_t queue, const UlpDdpIo& io, SimTime now) {}
  virtual void OnDdpTeardown(uint32_t queue, Ccid ccid, SimTime now) {}
  virtual void OnDdpTeardownDone(uint32_t queue, Ccid ccid, SimTime now) {}
  // TCP to ULP: bytes taken from the receive queue, in order.
  virtual void OnStreamRead(uint32_t connection, SeqNum seq, uint32_t bytes, SimTime now) {}
  virtual void OnStreamWritten(uint32_t connection, ByteSpan bytes, SimTime now) {}
  // nvme-tcp meets the first byte of a PDU header in its stream.
  virtual void OnPduHeader(uint32_t queue, SeqNum seq, SimTime now) {}
  // It has read a C2HData header, whose data begins at `data_seq`.
  virtual void OnC2HDataHeader(uint32_t queue, SeqNum data_seq, Ccid cccid, uint32_t datao,
                               uint32_t datal, SimTime now) {}
  virtual void OnPduAccepted(const PduAccepted& pdu, SimTime now) {}
  virtual void OnResyncRequest(uint32_t queue, SeqNum seq, SimTime now) {}
  virtual void OnResyncResponse(uint32_t queue, SeqNum seq, SimTime now) {}
  // Driver: a fault keeps an answer from the NIC (`lost`) or puts it off; `flow` as received,
  // `number` counts answers since faults began.
  virtual void OnResyncAnswerFault(const FourTuple& flow, int64_t number, bool lost, SimTime now) {}
  // Driver: a fault will post an answer that nobody gave, and that names this byte.
  virtual void OnStrayAnswer(const FourTuple& flow, SeqNum seq, SimTime now) {}
  // Driver: an answer's WQE is posted; with it so many WQEs, with so many KLM entries, stand in the
  // queue's ICOSQ that the driver does not know done.
  virtual void OnResyncAnswerPosted(const FourTuple& flow, uint32_t wqes, uint32_t klms,
                                    SimTime now) {}
  // Driver: the ICOSQ has no room.
  virtual void OnIcosqFull(const FourTuple& flow, IcosqPost what, SimTime now) {}
  // One attempt of a request, admin commands and retries included: from its queueing until it goes
  // back to its owner.
  virtual void OnRequestStart(uint32_t queue, Cid cid, uint64_t io, SimTime now) {}
  // The attempt that has just started is a write of the workload's: where to, and how much.
  virtual void OnWriteStart(uint32_t queue, Cid cid, uint64_t device_offset, uint32_t bytes,
                            SimTime now) {}
  virtual void OnRequestEnd(uint32_t queue, Cid cid, uint64_t io, bool ok, SimTime now) {}
  // Block layer: an I/O starts, and ends when all its requests have for good.
  virtual void OnIoStart(uint64_t io, SimTime now) {}
  virtual void OnIoEnd(uint64_t io, bool ok, SimTime now) {}
  // C2HData payload reaches the request's buffer: `placed` by the NIC (src == dst, nothing copied)
  // or copied by the CPU.
  virtual void OnDataDelivered(uint32_t queue, SeqNum seq, uint32_t bytes, bool placed,
                               SimTime now) {}
};

}  // namespace ddpsim

#endif  // DDPSIM_NET_HOST_OBSERVER_H_
