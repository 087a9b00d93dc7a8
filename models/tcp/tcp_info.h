// States, counters and the snapshot of one connection: what struct tcp_info and the SNMP counters
// tell (Linux 6.1 include/uapi/linux/tcp.h), in the units of the trace tests: segments, bytes,
// microseconds.
#ifndef DDPSIM_MODELS_TCP_TCP_INFO_H_
#define DDPSIM_MODELS_TCP_TCP_INFO_H_

#include <cstdint>

namespace ddpsim {

enum class TcpState : uint8_t {
  kClosed,
  kListen,
  kSynSent,
  kSynReceived,
  kEstablished,
  kFinWait1,
  kFinWait2,
  kCloseWait,
  kClosing,
  kLastAck,
  kTimeWait,
};

// Order matters: kOpen < kDisorder < kCwr < kRecovery < kLoss is compared as Linux does.
enum class CaState : uint8_t { kOpen, kDisorder, kCwr, kRecovery, kLoss };

inline constexpr uint32_t kInfiniteSsthresh = 0x7fffffff;  // TCP_INFINITE_SSTHRESH

struct TcpStats {
  uint64_t segments_in = 0;
  uint64_t segments_out = 0;    // wire segments: a super-segment counts as its pieces
  uint64_t bytes_received = 0;  // in order, delivered to the receive queue
  uint64_t bytes_sent = 0;      // payload, retransmissions included
  uint64_t bytes_acked = 0;
  uint64_t bytes_retransmitted = 0;
  uint64_t retransmits = 0;  // segments
  uint64_t timeouts = 0;
  uint64_t fast_recoveries = 0;
  uint64_t tlp_probes = 0;
  uint64_t tlp_recoveries = 0;
  uint64_t undo = 0;
  uint64_t spurious_rtos = 0;
  uint64_t lost_retransmits = 0;
  uint64_t sack_reneging = 0;
  uint64_t dup_acks_sent = 0;  // ACKs for the same rcv_nxt while data is missing
  uint64_t acks_sent = 0;      // pure ACKs
  uint64_t delayed_acks = 0;   // sent by the timer
  uint64_t acks_compressed = 0;
  uint64_t ooo_segments = 0;
  uint64_t sacks_sent = 0;  // ACKs that carried SACK blocks
  uint64_t dsacks_sent = 0;
  uint64_t dsacks_received = 0;
  uint64_t old_data_dropped = 0;
  uint64_t zero_window_dropped = 0;
  uint64_t over_window_dropped = 0;
  uint64_t rcvbuf_dropped = 0;  // no memory even after pruning
  uint64_t ofo_pruned = 0;      // skbs thrown out of the out-of-order queue
  uint64_t collapsed = 0;       // skbs copied together under memory pressure
  uint64_t coalesced = 0;
  uint64_t paws_dropped = 0;
  uint64_t bad_checksums = 0;
  uint64_t challenge_acks = 0;
  uint64_t acks_rate_limited = 0;
  uint64_t zero_window_probes = 0;
  uint64_t tsq_throttled = 0;
  uint64_t autocorked = 0;
};

struct TcpInfo {
  TcpState state = TcpState::kClosed;
  CaState ca_state = CaState::kOpen;
  uint32_t snd_cwnd = 0;
  uint32_t snd_ssthresh = 0;
  uint32_t unacked = 0;
  uint32_t sacked = 0;
  uint32_t lost = 0;
  uint32_t retrans = 0;
  uint32_t reordering = 0;
  uint32_t reord_seen = 0;
  uint32_t delivered = 0;
  uint32_t probes = 0;
  uint32_t backoff = 0;
  uint32_t snd_mss = 0;
  uint32_t advmss = 0;
  uint32_t rcv_mss = 0;
  uint32_t rcv_wnd = 0;
  uint32_t snd_wnd = 0;
  uint32_t rcvbuf = 0;
  uint64_t bytes_received = 0;
  uint64_t inq = 0;
  int64_t srtt_us = 0;
  int64_t rttvar_us = 0;
  int64_t rto_us = 0;
  int64_t min_rtt_us = 0;
  int64_t rcv_rtt_us = 0;
  int64_t busy_us = 0;            // there was something to send or to be acknowledged
  int64_t window_limited_us = 0;  // of these, held by the peer's window
  int64_t buffer_limited_us = 0;  // or by the own send buffer
  uint64_t pacing_rate = 0;       // bytes per second
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TCP_INFO_H_
