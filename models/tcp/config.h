// The settings of one TCP endpoint: the sysctls and socket options that FORMAT of the trace tests
// names, with Linux's defaults (Linux 6.1 net/ipv4/tcp_ipv4.c tcp_sk_init(), net/ipv4/tcp.c
// tcp_init()), and the defects that can be planted. Left out: fast open, pacing by fq (qdisc is
// always pfifo), keepalive, urgent data.
#ifndef DDPSIM_MODELS_TCP_CONFIG_H_
#define DDPSIM_MODELS_TCP_CONFIG_H_

#include <cstdint>

#include "absl/types/span.h"
#include "ddpsim/base/fields.h"

namespace ddpsim {

enum class CongestionControlKind : uint8_t { kCubic, kReno };
inline constexpr EnumName<CongestionControlKind> kCongestionControlNames[] = {
    {CongestionControlKind::kCubic, "cubic"}, {CongestionControlKind::kReno, "reno"}};

struct TcpConfig {
  CongestionControlKind congestion_control = CongestionControlKind::kCubic;
  int64_t mtu = 1500;
  int64_t hz = 250;  // CONFIG_HZ of Debian's kernels
  bool sack = true;
  bool dsack = true;
  bool timestamps = true;
  bool window_scaling = true;
  bool nodelay = true;    // nvme-tcp and nvmet-tcp both set TCP_NODELAY
  bool quickack = false;  // TCP_QUICKACK: no pingpong at the start
  int64_t rcvbuf = 0;     // sk_rcvbuf when locked (SO_RCVBUF); 0: autotuned within rmem
  int64_t rmem_default = 131072;
  int64_t rmem_max = 6291456;
  int64_t sndbuf = 0;  // sk_sndbuf when locked (SO_SNDBUF); 0: autotuned within wmem
  int64_t wmem_default = 16384;
  int64_t wmem_max = 4194304;
  int64_t window_clamp = 0;  // TCP_WINDOW_CLAMP; 0: none
  int64_t max_seg = 0;       // TCP_MAXSEG; 0: from the MTU
  bool moderate_rcvbuf = true;
  bool adaptive_scaling_ratio =
      true;                // v6.6+: window per memory follows len / truesize; false: half, as v6.1
  int64_t init_cwnd = 10;  // TCP_INIT_CWND, RFC 6928
  int64_t reordering = 3;
  int64_t max_reordering = 300;
  bool rack = true;  // sysctl tcp_recovery bit 0
  bool tlp = true;   // sysctl tcp_early_retrans 3 or 4
  bool frto = true;
  bool slow_start_after_idle = true;
  bool autocorking = true;
  bool retrans_collapse = true;
  int64_t ecn = 2;                            // sysctl tcp_ecn: 0 never, 1 ask and accept, 2 accept
  int64_t notsent_lowat_sysctl = 4294967295;  // tcp_notsent_lowat: unsent bytes that stop a writer
  int64_t notsent_lowat = 0;                  // TCP_NOTSENT_LOWAT; 0: the sysctl's
  int64_t user_timeout_us = 0;                // TCP_USER_TIMEOUT; 0: by retries2
  bool linux_3_11 = false;                    // linux_3_11.h
  int64_t early_retransmit = 0;               // of linux_3_11: sysctl tcp_early_retrans
  bool tso = true;
  int64_t gso_max_size = 65536;
  int64_t tso_win_divisor = 3;
  int64_t min_tso_segs = 2;
  int64_t tso_rtt_log = 9;
  int64_t pacing_ss_ratio = 200;
  int64_t pacing_ca_ratio = 120;
  int64_t limit_output_bytes = 1048576;
  // MAX_TCP_HEADER of a kernel with wireless mesh, as Debian's; 256 without wireless.
  int64_t max_tcp_header = 320;
  // truesize of an empty skb of the send queue: SKB_TRUESIZE(MAX_TCP_HEADER), rounded up to its
  // slab's objects (Linux 6.1, x86-64); 832 with SKB_SMALL_HEAD_CACHE_SIZE of 576 (v6.3+).
  int64_t tx_skb_overhead = 1280;
  bool device_holds_skbs = true;  // false: freed on transmission, as a tun device does; no TSQ
  int64_t rto_min_us = 200000;
  int64_t rto_max_us = 120000000;
  int64_t rto_init_us = 1000000;
  int64_t delack_min_us = 40000;
  int64_t delack_max_us = 200000;
  int64_t syn_retries = 6;
  int64_t syn_linear_timeouts = 0;  // tcp_syn_linear_timeouts: 4 in v6.5+
  int64_t synack_retries = 5;
  int64_t retries2 = 15;
  int64_t fin_timeout_us = 60000000;
  int64_t time_wait_us = 60000000;  // TCP_TIMEWAIT_LEN
  int64_t comp_sack_nr = 44;
  int64_t comp_sack_delay_us = 1000;
  int64_t comp_sack_slack_us = 100;
  int64_t invalid_ratelimit_us = 500000;
  bool hystart = true;
  bool coalesce_checks_ulp_crc =
      true;                  // v1-v9 of the offload series merged skbs whatever their bit
  bool keep_ulp_ddp = true;  // never copy (collapse) skbs whose frags alias a request's pages

  template <class V>
  void Describe(V& v);
};

template <class V>
void TcpConfig::Describe(V& v) {
  constexpr int64_t kGiB = int64_t{1} << 30;
  constexpr int64_t kHour = int64_t{3600} * 1000000;
  v.Enum("congestion_control", congestion_control,
         absl::Span<const EnumName<CongestionControlKind>>(kCongestionControlNames),
         "tcp_congestion_control");
  v.Integer("mtu", mtu, Range<int64_t>{576, 9000}, "bytes", "IP packet size");
  v.Integer("hz", hz, Range<int64_t>{100, 1000}, "1/s",
            "CONFIG_HZ: granularity of all timers but hrtimers");
  v.Boolean("sack", sack, "tcp_sack");
  v.Boolean("dsack", dsack, "tcp_dsack");
  v.Boolean("timestamps", timestamps, "tcp_timestamps");
  v.Boolean("window_scaling", window_scaling, "tcp_window_scaling");
  v.Boolean("nodelay", nodelay, "TCP_NODELAY");
  v.Bytes("rcvbuf", rcvbuf, Range<int64_t>{0, kGiB}, "sk_rcvbuf, locked; 0: autotuned");
  v.Bytes("rmem_default", rmem_default, Range<int64_t>{2304, kGiB}, "tcp_rmem[1]");
  v.Bytes("rmem_max", rmem_max, Range<int64_t>{2304, kGiB}, "tcp_rmem[2]");
  v.Bytes("sndbuf", sndbuf, Range<int64_t>{0, kGiB}, "sk_sndbuf, locked; 0: autotuned");
  v.Bytes("wmem_default", wmem_default, Range<int64_t>{4608, kGiB}, "tcp_wmem[1]");
  v.Bytes("wmem_max", wmem_max, Range<int64_t>{4608, kGiB}, "tcp_wmem[2]");
  v.Boolean("moderate_rcvbuf", moderate_rcvbuf, "tcp_moderate_rcvbuf");
  v.Boolean("adaptive_scaling_ratio", adaptive_scaling_ratio,
            "window per memory follows len / truesize (v6.6+)");
  v.Integer("init_cwnd", init_cwnd, Range<int64_t>{1, 1000}, "segments",
            "initial congestion window");
  v.Integer("reordering", reordering, Range<int64_t>{1, 300}, "segments", "tcp_reordering");
  v.Boolean("rack", rack, "tcp_recovery & 1");
  v.Boolean("tlp", tlp, "tcp_early_retrans >= 3");
  v.Boolean("frto", frto, "tcp_frto");
  v.Boolean("slow_start_after_idle", slow_start_after_idle, "tcp_slow_start_after_idle");
  v.Boolean("autocorking", autocorking, "tcp_autocorking");
  v.Boolean("tso", tso, "the device cuts super-segments");
  v.Bytes("gso_max_size", gso_max_size, Range<int64_t>{2048, 65536}, "largest super-segment");
  v.Integer("tso_win_divisor", tso_win_divisor, Range<int64_t>{0, 1000}, "", "tcp_tso_win_divisor");
  v.Integer("min_tso_segs", min_tso_segs, Range<int64_t>{1, 65}, "segments", "tcp_min_tso_segs");
  v.Bytes("limit_output_bytes", limit_output_bytes, Range<int64_t>{4096, kGiB},
          "tcp_limit_output_bytes (TSQ)");
  v.Integer("rto_min_us", rto_min_us, Range<int64_t>{1000, kHour}, "us", "TCP_RTO_MIN");
  v.Integer("rto_max_us", rto_max_us, Range<int64_t>{1000000, kHour}, "us", "TCP_RTO_MAX");
  v.Integer("rto_init_us", rto_init_us, Range<int64_t>{1000, kHour}, "us", "TCP_TIMEOUT_INIT");
  v.Integer("delack_min_us", delack_min_us, Range<int64_t>{1000, kHour}, "us", "TCP_DELACK_MIN");
  v.Integer("delack_max_us", delack_max_us, Range<int64_t>{1000, kHour}, "us", "TCP_DELACK_MAX");
  v.Integer("comp_sack_nr", comp_sack_nr, Range<int64_t>{0, 255}, "", "tcp_comp_sack_nr");
  v.Integer("comp_sack_delay_us", comp_sack_delay_us, Range<int64_t>{0, 100000}, "us",
            "tcp_comp_sack_delay_ns");
  v.Boolean("hystart", hystart, "tcp_cubic hystart");
  v.Boolean("coalesce_checks_ulp_crc", coalesce_checks_ulp_crc,
            "merge only skbs whose ulp_crc agree");
  v.Boolean("keep_ulp_ddp", keep_ulp_ddp, "never copy skbs that hold directly placed data");
}

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_CONFIG_H_
