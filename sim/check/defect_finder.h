// Tells which known defect is behind what goes wrong, by its mechanism. Follows each placement from
// the NIC to the driver: a CQE names a ccid but not which of its mappings, and one SGL cursor per
// queue only moves forward, so a wrong page comes from what moved the cursor last. Follows the crc
// bits from the driver to nvme-tcp, where the TCP of the revision loses them. Judges nothing: laws
// do, and a defect that does no harm is not met. Invariant: the same history gives the same counts.
#ifndef DDPSIM_SIM_CHECK_DEFECT_FINDER_H_
#define DDPSIM_SIM_CHECK_DEFECT_FINDER_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "ddpsim/base/ring_queue.h"
#include "ddpsim/hw/nic_observer.h"
#include "ddpsim/net/host_observer.h"
#include "sim/check/known_defects.h"
#include "sim/check/recent_map.h"

namespace ddpsim {

class DefectFinder {
 public:
  explicit DefectFinder(KnownDefects* met) : met_(met) {}

  // tcp_try_coalesce() does not compare crc bits (before v10).
  void TcpLosesCrcBits() { loses_bits_ = true; }
  // A frame that the NIC placed data of; `own`: the bytes are the mapped request's; `owed`: where
  // they are not, the published rules wanted them placed all the same. True: a known defect.
  bool OnPlaced(uint16_t port, const RxVerdict& verdict, bool own, bool owed = true);
  // The frame's PDU went back: its data may go where data of its request has gone before.
  bool Rewrites(uint16_t port, const RxVerdict& verdict);
  // Data of this request went back within its mapping, and may lie over earlier data of it.
  bool WentBack(uint16_t port, Ccid ccid) const { return went_back_.contains({port, ccid}); }
  void OnPlacementReport(const PlacementReport& report);
  // The defect by which the skb was rebuilt from wrong pages; null: it was not, or by none. Of the
  // skb that is reported last.
  const char* WrongPagesOf(const Skb& skb) const;
  // A defect, if defects have touched the data of so many I/Os; else null.
  const char* WrongBytesBy(uint64_t ios) const;
  // A right digest of it was refused, as "C2HData in chunks" has it.
  void OnRefused(uint32_t queue, Cid cid) { refused_.emplace(queue, cid); }
  // An attempt of a request has ended.
  void OnRequestEnd(uint32_t queue, Cid cid, bool ok);
  // A defect, if every attempt that failed did by it; null: none did, or one otherwise.
  const char* AllFailedBy() const;
  // nvme-tcp copies bytes out of an skb.
  void OnCopied(uint16_t port, SeqNum seq, uint32_t bytes) {
    if (wrong_pages_seen_) MarkCopied(port, {seq, seq + bytes});
  }
  void OnDriverSkb(const Skb& skb);
  // nvme-tcp reads a C2HData header.
  void OnC2HData(uint32_t queue, uint16_t port, SeqNum data_seq, Cid cid, uint32_t datao,
                 uint32_t datal);
  void OnRequestStart(uint32_t queue, uint16_t port, Cid cid);
  // A PDU was accepted on the NIC's word with a wrong digest. The known defect behind it, or null.
  const char* OnFalseCrcOk(uint32_t queue);
  // The connection's stream is read from somewhere else.
  void Forget(uint16_t port);

 private:
  // Where in the stream byte 0 of the request would lie: one for all bytes of a PDU.
  static SeqNum OriginOf(SeqNum at, uint32_t offset) { return at - offset; }
  // Bytes [begin, end) of the request that its newest PDU has filled, as far as it was placed, and
  // the stream position after them. Older PDUs are forgotten.
  struct Filled {
    uint32_t generation = 0;
    uint32_t begin = 0;
    uint32_t end = 0;
    SeqNum end_seq;
    SeqNum Origin() const { return OriginOf(end_seq, end); }
  };
  struct Range {
    SeqNum begin;
    SeqNum end;
  };
  struct Placed {
    SeqNum seq;
    Ccid ccid = 0;
    uint32_t generation = 0;
    bool own = true;
    Range data;
  };
  // Placed bytes for which the driver put other pages into the skb.
  struct WrongPages {
    Range data;
    Defect by{};
    bool copied = false;
  };
  struct Flow {
    RingQueue<Placed> placed;        // not reported by the driver yet
    RecentMap<Ccid, Filled> filled;  // by the NIC; of each ccid that it ever placed data of
    std::deque<SeqNum> backward;     // by OriginOf(): PDUs that were met
    std::optional<Defect> moved_by;  // what moved the cursor to where it should not be
    RingQueue<Range> unverified;     // skbs without the crc bit, not read yet
    RingQueue<WrongPages> wrong;     // not read yet
  };
  struct Pdu {
    uint16_t port = 0;
    Cid cid = 0;
    Range whole;
  };
  // An I/O whose data a defect has touched: by port, ccid and how often that was mapped, or, told
  // by nvme-tcp, by queue, identifier and where its data began.
  using Touched = std::tuple<bool, uint32_t, uint16_t, uint32_t>;
  void MarkCopied(uint16_t port, const Range& copied);
  static bool Overlap(const Range& a, const Range& b);
  static bool IsBackward(const Flow& flow, SeqNum origin);
  // The NIC has placed a later PDU's data where this one's, which is copied now, belongs as well.
  static bool PlacedBefore(const Filled& filled, SeqNum data_seq, uint32_t datao, uint32_t datal);
  void MetBackward(Flow* flow, uint16_t port, Ccid ccid, SeqNum origin);
  static std::optional<Placed> Take(Flow* flow, const PlacementReport& report);

  KnownDefects* met_;
  bool loses_bits_ = false;
  PlacementReport reported_;              // the last one
  std::optional<Defect> wrong_pages_by_;  // of it
  bool wrong_pages_seen_ = false;
  absl::btree_set<std::pair<uint32_t, Cid>> refused_;  // by queue; until the next attempt
  uint64_t failed_by_refusal_ = 0;                     // attempts of requests
  uint64_t failed_otherwise_ = 0;
  absl::btree_set<Touched> touched_;
  absl::btree_set<std::pair<uint16_t, Ccid>> went_back_;  // by port; until the next request
  RecentMap<uint16_t, Flow> flows_;
  RecentMap<uint32_t, Pdu> newest_;  // by queue
  // How far a request's C2HData came, by queue and identifier.
  absl::btree_map<std::pair<uint32_t, Cid>, uint32_t> filled_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_DEFECT_FINDER_H_
