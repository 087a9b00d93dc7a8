// The transmission control block (RFC 9293 section 3.3.1; Linux's struct tcp_sock and
// inet_connection_sock): the plain state of one connection, that the steps of the protocol
// (receiver, ack_policy, sack_scoreboard, loss_recovery, output, ...) share. Each group names the
// file that owns it. No behaviour here but one-line queries. Left out: what config.h leaves out.
#ifndef DDPSIM_MODELS_TCP_TCB_H_
#define DDPSIM_MODELS_TCP_TCB_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ddpsim/base/seq_num.h"
#include "ddpsim/net/skb.h"
#include "models/tcp/config.h"
#include "models/tcp/congestion_control.h"
#include "models/tcp/receive_queue.h"
#include "models/tcp/rtt.h"
#include "models/tcp/send_queue.h"
#include "models/tcp/tcp_actions.h"
#include "models/tcp/tcp_clock.h"
#include "models/tcp/tcp_info.h"

namespace ddpsim {

// icsk_pending: one timer serves all of these.
enum class XmitTimer : uint8_t {
  kNone,
  kRetransmit,
  kLossProbe,
  kReorder,
  kEarlyRetransmit,
  kZeroWindowProbe,
  kHandshake,
  kClose
};

// icsk_ack.pending.
enum AckPending : uint8_t {
  kAckSched = 1,
  kAckTimer = 2,
  kAckPushed = 4,
  kAckPushed2 = 8,
  kAckNow = 16,
  kAckNoMem = 32
};

inline constexpr size_t kMaxSacks = 4;  // TCP_NUM_SACKS

struct Timers {  // timers.h
  XmitTimer pending = XmitTimer::kNone;
  int64_t xmit_expires = 0;  // jiffies
  SimTime xmit_fire = SimTime::Never();
  int64_t delack_expires = 0;
  SimTime delack_fire = SimTime::Never();
  SimTime compressed_ack_fire = SimTime::Never();  // an hrtimer: exact
};

struct AckState {  // ack_policy.h
  uint8_t pending = 0;
  uint8_t quick = 0;  // quick ACKs left
  bool pingpong = false;
  int64_t ato = 0;            // jiffies
  int64_t last_received = 0;  // lrcvtime, jiffies
  uint32_t rcv_mss = 536;
  uint32_t last_seg_size = 0;
  uint32_t compressed = 0;  // ACKs held back by SACK compression
  SeqNum compressed_rcv_nxt;
  uint8_t dup_ack_counter = 0;
  int64_t last_oow_ack = 0;  // jiffies, 0: none
};

struct ReceiveWindow {  // receive_window.h
  int64_t rcvbuf = 0;
  bool locked = false;
  int64_t rmem_alloc = 0;  // truesize of everything queued
  uint32_t rcv_wnd = 0;
  SeqNum rcv_wup;  // rcv_nxt when the window was last announced
  uint32_t window_clamp = 0;
  uint32_t rcv_ssthresh = 0;
  uint32_t scaling_ratio = 128;  // window / memory in 1/256
  uint32_t rtt8_us = 0;          // receiver-side RTT, 1/8 us
  SeqNum rtt_seq;
  int64_t rtt_time = 0;
  uint32_t rtt_last_ecr = 0;
  uint32_t space = 0;  // rcvq_space: bytes read in the last RTT
  SeqNum space_seq;
  int64_t space_time = 0;
};

struct OutOfOrder {          // assembler.h
  std::vector<SkbPtr> skbs;  // by sequence number
  std::array<SackBlock, kMaxSacks> sacks;
  uint8_t num_sacks = 0;
  bool dsack = false;
  SackBlock duplicate;
};

struct RackState {  // rack.h
  int64_t mstamp = 0;
  SeqNum end_seq;
  int64_t rtt_us = 0;
  uint32_t last_delivered = 0;
  uint8_t reo_wnd_steps = 1;
  uint8_t reo_wnd_persist = 0;
  bool dsack_seen = false;
  bool advanced = false;
};

struct Recovery {  // loss_recovery.h, prr.h, undo.h, tlp.h
  CaState state = CaState::kOpen;
  SeqNum high_seq;
  uint32_t prior_ssthresh = 0;
  uint32_t prr_delivered = 0;
  uint32_t prr_out = 0;
  bool undo_armed = false;  // undo_marker != 0
  SeqNum undo_marker;
  int64_t undo_retrans = -1;
  uint32_t retrans_stamp = 0;  // ms clock of the first retransmission, 0: none
  bool frto = false;
  bool sack_reneg = false;
  bool tlp_outstanding = false;  // tlp_high_seq != 0
  SeqNum tlp_high_seq;
  bool tlp_retrans = false;
  uint32_t retransmits = 0;  // consecutive RTOs
  uint32_t backoff = 0;
  uint32_t probes_out = 0;
  TxSkb* retransmit_hint = nullptr;
  uint32_t reordering = 3;
  uint32_t reord_seen = 0;
  uint32_t dsack_dups = 0;
  RackState rack;
};

// By rising interest: a later one takes over from an earlier one.
enum class ChronoKind : uint8_t { kNone, kBusy, kWindowLimited, kBufferLimited };

struct Chrono {  // chrono.h
  ChronoKind kind = ChronoKind::kNone;
  int64_t start = 0;                    // jiffies
  std::array<int64_t, 4> jiffies = {};  // by kind
};

struct EcnState {           // ecn.h
  bool ok = false;          // agreed in the handshake
  bool seen = false;        // ECT or CE has arrived
  bool demand_cwr = false;  // echo ECE until the peer sends CWR
  bool queue_cwr = false;   // the next new data carries CWR
};

struct Counters {  // all in segments
  uint32_t packets_out = 0;
  uint32_t sacked_out = 0;
  uint32_t lost_out = 0;
  uint32_t retrans_out = 0;
  uint32_t delivered = 1;  // Linux counts the handshake
  uint32_t lost = 0;       // ever marked lost
};

struct Negotiated {
  bool sack = false;
  bool timestamps = false;
  bool window_scaling = false;
  uint8_t snd_wscale = 0;
  uint8_t rcv_wscale = 0;
  uint32_t advmss = 1460;   // without the timestamp option
  uint32_t peer_mss = 536;  // mss_clamp
  uint32_t mss = 1460;      // mss_cache: payload per segment
};

struct Tcb {
  Tcb(const TcpConfig& config, uint16_t local_port, uint16_t peer_port, uint32_t iss);

  TcpConfig config;
  TcpClock clock;
  TcpActions* out = nullptr;  // of the call being served
  uint16_t local_port;
  uint16_t peer_port;
  TcpState state = TcpState::kClosed;

  // Send sequence variables (RFC 9293 figure 3).
  SeqNum iss;
  SeqNum snd_una;
  SeqNum snd_nxt;
  SeqNum write_seq;
  SeqNum snd_wl1;
  SeqNum snd_sml;  // end of the last short segment (Minshall)
  SeqNum pushed_seq;
  uint32_t snd_wnd = 0;
  uint32_t max_window = 0;
  SendQueue queue;
  SeqNum highest_sack;  // end of the highest SACKed skb; valid while sacked_out > 0
  std::array<SackBlock, kMaxSacks> sack_cache;
  uint8_t sack_cache_count = 0;
  Counters n;
  CwndState cwnd;
  SeqNum cwnd_usage_seq;
  uint32_t cwnd_used = 0;
  int64_t cwnd_stamp = 0;    // jiffies
  int64_t last_sent = 0;     // lsndtime, jiffies
  int64_t last_xmit_us = 0;  // tcp_wstamp: last data transmission
  uint64_t pacing_rate = ~0ull;
  std::unique_ptr<CongestionControl> cc;
  RttEstimator rtt;
  Recovery rec;
  EcnState ecn;
  Chrono chrono;
  uint64_t total_retrans = 0;
  int64_t sndbuf = 0;
  bool sndbuf_locked = false;
  int64_t wmem_queued = 0;  // truesize of the send queue
  int64_t wmem_alloc = 0;   // truesize in the device (TSQ)
  bool tsq_throttled = false;
  bool no_space = false;  // a writer was refused (SOCK_NOSPACE)
  bool cork = false;      // TCP_CORK
  bool fin_queued = false;

  // Receive sequence variables.
  SeqNum irs;
  SeqNum rcv_nxt;
  SeqNum copied_seq;
  ReceiveQueue receive_queue;
  ReceiveWindow win;
  OutOfOrder ofo;
  AckState ack;
  bool fin_received = false;
  bool reset = false;
  bool timed_out = false;      // given up since the peer did not answer
  bool accepted = true;        // false: still in a listener's accept queue, without a reader
  bool reader_closed = false;  // close() was called: nobody reads any more
  bool read_shut = false;      // shutdown(SHUT_RD)

  // Timestamps (RFC 7323).
  uint32_t ts_offset = 0;
  uint32_t ts_recent = 0;
  int64_t ts_recent_stamp_us = 0;  // 0: no ts_recent yet
  bool saw_tstamp = false;         // of the segment being processed
  uint32_t rcv_tsval = 0;
  uint32_t rcv_tsecr = 0;  // with ts_offset taken off

  Negotiated opt;
  Timers timers;
  int64_t handshake_sent_us = 0;
  uint32_t handshake_stamp = 0;  // ms clock of the first SYN or SYN+ACK
  int64_t mstamp_us = 0;         // tcp_mstamp: reading does not refresh it
  uint32_t handshake_retries = 0;
  std::optional<TcpOptions> syn_options;  // of the SYN that connect() sent
  TcpStats stats;

  uint32_t InFlight() const { return n.packets_out - (n.sacked_out + n.lost_out) + n.retrans_out; }
  // What stops a writer: the socket's option, else the sysctl (tcp_notsent_lowat()).
  int64_t NotsentLowat() const {
    return config.notsent_lowat != 0 ? config.notsent_lowat : config.notsent_lowat_sysctl;
  }
  SeqNum WindowEnd() const { return snd_una + snd_wnd; }
  SeqNum HighestSack() const { return n.sacked_out == 0 ? snd_una : highest_sack; }
  bool InCwndReduction() const {
    return rec.state == CaState::kCwr || rec.state == CaState::kRecovery;
  }
  // tcp_current_ssthresh(): outside of a reduction cwnd may come back to 3/4.
  uint32_t CurrentSsthresh() const {
    const uint32_t three_quarters = (cwnd.cwnd >> 1) + (cwnd.cwnd >> 2);
    return InCwndReduction() || cwnd.ssthresh > three_quarters ? cwnd.ssthresh : three_quarters;
  }
  CcView View() const { return CcView{clock, snd_una, snd_nxt, pacing_rate, last_sent}; }
  bool has_ts_recent() const { return ts_recent_stamp_us != 0; }
};

void SetState(Tcb& t, TcpState state);
void SetCaState(Tcb& t, CaState state);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TCB_H_
