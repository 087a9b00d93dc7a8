#include "sim/tcp_check/skip_rules.h"

#include <algorithm>
#include <iterator>

namespace ddpsim {
namespace {

// Not among them: fq-pacing (no qdisc paces), assert-unconverted (the file itself cannot say what
// to check). Exact receive windows hold for what a tun device delivers (trace_endpoint.cc).
constexpr const char* kMet[] = {
    "assert",       "gro-inject",       "timestamps",       "close",
    "ecn",          "rcv-window-exact", "tcp_user_timeout", "tcp_notsent_lowat",
    "msg-eor",      "msg-more",         "blocking-write",   "runtime-config",
    "so_sndbuf",    "so_rcvbuf",        "tcp_nodelay",      "tcp_cork",
    "tcp_quickack", "tcp_maxseg",       "tcp_inq",          "tcp_congestion",
    "ip_tos"};

}  // namespace

std::string WhySkipped(const Trace& trace) {
  for (const std::string& word : trace.needed) {
    const bool met = std::any_of(std::begin(kMet), std::end(kMet),
                                 [&](const char* known) { return word == known; });
    if (!met) return "requires " + word;
  }
  return trace.probes_mtu ? "needs path MTU probing (tcp_mtu_probing)" : "";
}

}  // namespace ddpsim
