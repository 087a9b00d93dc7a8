#include "models/tcp/transmit.h"

#include <algorithm>

#include "models/tcp/ack_policy.h"
#include "models/tcp/ecn.h"
#include "models/tcp/receive_window.h"

namespace ddpsim {
namespace {

constexpr uint32_t kIpTcpHeaders = 40;
constexpr uint32_t kTcpHeader = 20;
constexpr uint32_t kTimestampSpace = 12;  // TCPOLEN_TSTAMP_ALIGNED
constexpr uint32_t kDefaultMss = 536;     // TCP_MSS_DEFAULT
constexpr uint32_t kMinMss = 48;          // tcp_min_snd_mss

// SACK blocks that the next segment will carry, the DSACK included.
uint32_t SacksToSend(const Tcb& t) {
  if (!t.opt.sack) return 0;
  const uint32_t blocks = t.ofo.num_sacks + (t.ofo.dsack ? 1u : 0u);
  return std::min(blocks, t.opt.timestamps ? 3u : 4u);
}

void AddSackOption(Tcb& t, TcpOptions* options) {
  const uint32_t blocks = SacksToSend(t);
  if (blocks == 0) return;
  uint32_t n = 0;
  if (t.ofo.dsack) options->sack[n++] = t.ofo.duplicate;
  for (uint32_t i = 0; n < blocks; ++i) options->sack[n++] = t.ofo.sacks[i];
  options->sack_count = static_cast<uint8_t>(blocks);
  ++t.stats.sacks_sent;
  if (t.ofo.dsack) ++t.stats.dsacks_sent;
  t.ofo.dsack = false;
}

void AddTimestamps(const Tcb& t, TcpOptions* options) {
  options->has_timestamps = true;
  options->ts_val = t.clock.ts_ms() + t.ts_offset;
  options->ts_ecr = t.ts_recent;
}

TxSegment& NewSegment(Tcb& t, SeqNum seq, uint8_t flags) {
  TxSegment& segment = t.out->segments.emplace_back();
  segment.tcp.source_port = t.local_port;
  segment.tcp.destination_port = t.peer_port;
  segment.tcp.seq = seq;
  segment.tcp.flags = flags;
  if ((flags & kTcpAck) != 0) segment.tcp.ack = t.rcv_nxt;
  return segment;
}

// tcp_acceptable_seq(): snd_nxt, unless the peer shrank its window by more than the rounding of a
// scaled window explains.
SeqNum AcceptableSeq(const Tcb& t) {
  const SeqNum end = t.WindowEnd();
  if (t.snd_nxt <= end) return t.snd_nxt;
  const bool rounding =
      t.opt.window_scaling && static_cast<uint32_t>(t.snd_nxt - end) < (1u << t.opt.rcv_wscale);
  return rounding ? t.snd_nxt : end;
}

// Fills what every segment of a synchronised connection carries, and tells the ACK policy that an
// ACK has left.
void FillEstablished(Tcb& t, TxSegment* segment) {
  if (t.opt.timestamps) AddTimestamps(t, &segment->tcp.options);
  AddSackOption(t, &segment->tcp.options);
  segment->tcp.window = SelectWindow(t);
  MarkEcn(t, segment);
  OnAckSent(t);
}

// tcp_event_data_sent(): an answer soon after data makes the connection interactive.
void NoteDataSent(Tcb& t) {
  if (t.InFlight() == 0) t.cc->OnTransmitStart(t.View());
  t.last_sent = t.clock.jiffies();
  if (t.clock.jiffies() - t.ack.last_received < t.ack.ato) t.ack.pingpong = true;
}

void FillSynOptions(const Tcb& t, bool sack, bool timestamps, bool scaling, TcpOptions* options) {
  options->mss = static_cast<uint16_t>(t.opt.advmss + (timestamps ? kTimestampSpace : 0));
  options->sack_permitted = sack;
  if (timestamps) AddTimestamps(t, options);
  if (scaling) options->window_scale = t.opt.rcv_wscale;
}

}  // namespace

uint32_t CurrentMss(const Tcb& t) {
  const uint32_t blocks = SacksToSend(t);
  return blocks == 0 ? t.opt.mss : t.opt.mss - (4 + 8 * blocks);
}

void SyncMss(Tcb& t) {
  uint32_t mss = std::min(static_cast<uint32_t>(t.config.mtu) - kIpTcpHeaders, t.opt.peer_mss);
  const uint32_t options = t.opt.timestamps ? kTimestampSpace : 0;
  mss = std::max(mss, kMinMss) - options;
  // tcp_bound_to_half_wnd(): never more than half of the largest window the peer ever offered.
  const uint32_t cutoff = t.max_window > kDefaultMss ? t.max_window >> 1 : t.max_window;
  if (cutoff != 0 && mss > cutoff) mss = std::max(cutoff, 68 - kTcpHeader - options);
  t.opt.mss = mss;
}

void TransmitSkb(Tcb& t, TxSkb* skb, bool retransmission) {
  // Every super-segment ends with PSH, so that the receiver's GRO need not wait; the skb itself
  // keeps its flags.
  const uint8_t psh = skb->pcount > 1 ? kTcpPsh : 0;
  TxSegment& segment = NewSegment(t, skb->seq, skb->flags | psh);
  segment.payload_size = skb->size;
  segment.payload = skb->payload;
  segment.gso_size = skb->pcount > 1 ? skb->gso_size : 0;
  segment.retransmission = retransmission;
  FillEstablished(t, &segment);
  if (t.config.device_holds_skbs) {
    segment.truesize = skb->truesize;
    t.wmem_alloc += skb->truesize;
  }
  if (skb->size != 0) {
    NoteDataSent(t);
    t.stats.bytes_sent += skb->size;
  }
  t.stats.segments_out += skb->pcount;
  t.last_xmit_us = t.clock.us();
  skb->sent_us = t.clock.us();
  skb->delivered_at_send = t.n.delivered;
  t.queue.TimeListRemove(skb);
  t.queue.TimeListAppend(skb);
}

void SendAck(Tcb& t) {
  if (t.state == TcpState::kClosed) return;
  TxSegment& segment = NewSegment(t, AcceptableSeq(t), kTcpAck);
  ++t.stats.segments_out;
  ++t.stats.acks_sent;
  if (!t.ofo.skbs.empty()) ++t.stats.dup_acks_sent;
  FillEstablished(t, &segment);
}

void SendWindowProbe(Tcb& t) {
  TxSegment& segment = NewSegment(t, t.snd_una - 1, kTcpAck);
  ++t.stats.segments_out;
  FillEstablished(t, &segment);
}

void SendReset(Tcb& t, SeqNum seq, bool with_ack) {
  TxSegment& segment = NewSegment(t, seq, static_cast<uint8_t>(kTcpRst | (with_ack ? kTcpAck : 0)));
  ++t.stats.segments_out;
  if (t.opt.timestamps && with_ack) AddTimestamps(t, &segment.tcp.options);
}

void SendActiveReset(Tcb& t) {
  TxSegment& segment = NewSegment(t, AcceptableSeq(t), kTcpRst | kTcpAck);
  ++t.stats.segments_out;
  FillEstablished(t, &segment);
}

void SendSyn(Tcb& t) {
  TxSegment& segment = NewSegment(t, t.iss, kTcpSyn | EcnSynFlags(t));
  FillSynOptions(t, t.config.sack, t.config.timestamps, t.config.window_scaling,
                 &segment.tcp.options);
  t.syn_options = segment.tcp.options;
  segment.tcp.window = static_cast<uint16_t>(std::min(t.win.rcv_wnd, 65535u));
  ++t.stats.segments_out;
  t.handshake_sent_us = t.clock.us();
}

void SendSynAck(Tcb& t) {
  TxSegment& segment = NewSegment(t, t.iss, kTcpSyn | kTcpAck | EcnSynAckFlags(t));
  if (t.syn_options) {
    // Simultaneous open: the SYN again (tcp_send_synack()).
    segment.tcp.options = *t.syn_options;
    if (segment.tcp.options.has_timestamps) AddTimestamps(t, &segment.tcp.options);
  } else {
    FillSynOptions(t, t.opt.sack, t.opt.timestamps, t.opt.window_scaling, &segment.tcp.options);
  }
  segment.tcp.window = static_cast<uint16_t>(std::min(t.win.rcv_wnd, 65535u));
  ++t.stats.segments_out;
  t.handshake_sent_us = t.clock.us();
}

}  // namespace ddpsim
