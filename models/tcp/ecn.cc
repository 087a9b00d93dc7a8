#include "models/tcp/ecn.h"

#include "models/tcp/ack_policy.h"

namespace ddpsim {
namespace {

constexpr uint32_t kQuickAcksOnMark = 2;
constexpr int64_t kRequest = 1;  // sysctl tcp_ecn: 1 asks, 1 and 2 accept

bool AsksForEcn(const Skb& skb) {
  return (skb.tcp.flags & kTcpEce) != 0 && (skb.tcp.flags & kTcpCwr) != 0;
}

}  // namespace

uint8_t EcnSynFlags(Tcb& t) {
  t.ecn.ok = t.config.ecn == kRequest;
  return t.ecn.ok ? kTcpEce | kTcpCwr : 0;
}

void EcnOnSyn(Tcb& t, const Skb& skb) {
  // A SYN that is ECT itself comes from no RFC 3168 peer.
  t.ecn.ok = t.config.ecn != 0 && AsksForEcn(skb) && skb.ip_ecn == kIpNotEct;
}

uint8_t EcnSynAckFlags(const Tcb& t) { return t.ecn.ok ? kTcpEce : 0; }

void EcnOnSynAck(Tcb& t, const Skb& skb) {
  t.ecn.ok &= (skb.tcp.flags & kTcpEce) != 0 && (skb.tcp.flags & kTcpCwr) == 0;
}

void MarkEcn(Tcb& t, TxSegment* segment) {
  if (!t.ecn.ok) return;
  // Retransmissions and pure ACKs are not ECT (RFC 3168 sections 6.1.4, 6.1.5).
  if (segment->payload_size != 0 && segment->tcp.seq >= t.snd_nxt) {
    segment->ip_ecn = kIpEct0;
    if (t.ecn.queue_cwr) segment->tcp.flags |= kTcpCwr;
    t.ecn.queue_cwr = false;
  }
  if (t.ecn.demand_cwr) segment->tcp.flags |= kTcpEce;
}

void CheckCongestionMark(Tcb& t, const Skb& skb) {
  if (!t.ecn.ok) return;
  if (skb.ip_ecn == kIpNotEct) {
    // ECT was seen before: this is probably a retransmission.
    if (t.ecn.seen) EnterQuickAckMode(t, kQuickAcksOnMark);
    return;
  }
  if (skb.ip_ecn == kIpCe && !t.ecn.demand_cwr) {
    // The sender's window may be tiny now: no delayed ACKs.
    EnterQuickAckMode(t, kQuickAcksOnMark);
    t.ecn.demand_cwr = true;
  }
  t.ecn.seen = true;
}

void AcceptCwr(Tcb& t, const Skb& skb) {
  if (!t.ecn.ok || (skb.tcp.flags & kTcpCwr) == 0) return;
  t.ecn.demand_cwr = false;
  if (SkbEnd(skb) != skb.seq) t.ack.pending |= kAckNow;
}

}  // namespace ddpsim
