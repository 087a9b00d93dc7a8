#include "sim/tcp_check/state_check.h"

#include <iterator>

namespace ddpsim {
namespace {

constexpr const char* kCaNames[] = {"Open", "Disorder", "CWR", "Recovery", "Loss"};

struct StateName {
  const char* name;
  int number;  // include/net/tcp_states.h
};

// In the order of TcpState.
constexpr StateName kStates[] = {{"CLOSE", 7},     {"LISTEN", 10},     {"SYN_SENT", 2},
                                 {"SYN_RECV", 3},  {"ESTABLISHED", 1}, {"FIN_WAIT1", 4},
                                 {"FIN_WAIT2", 5}, {"CLOSE_WAIT", 8},  {"CLOSING", 11},
                                 {"LAST_ACK", 9},  {"TIME_WAIT", 6}};

struct Field {
  const char* name;
  int64_t (*value)(const TcpInfo&);
};

constexpr Field kFields[] = {
    {"snd_cwnd", [](const TcpInfo& i) -> int64_t { return i.snd_cwnd; }},
    {"snd_ssthresh", [](const TcpInfo& i) -> int64_t { return i.snd_ssthresh; }},
    {"unacked", [](const TcpInfo& i) -> int64_t { return i.unacked; }},
    {"sacked", [](const TcpInfo& i) -> int64_t { return i.sacked; }},
    {"lost", [](const TcpInfo& i) -> int64_t { return i.lost; }},
    {"retrans", [](const TcpInfo& i) -> int64_t { return i.retrans; }},
    {"reordering", [](const TcpInfo& i) -> int64_t { return i.reordering; }},
    {"reord_seen", [](const TcpInfo& i) -> int64_t { return i.reord_seen; }},
    {"delivered", [](const TcpInfo& i) -> int64_t { return i.delivered; }},
    {"probes", [](const TcpInfo& i) -> int64_t { return i.probes; }},
    {"backoff", [](const TcpInfo& i) -> int64_t { return i.backoff; }},
    {"snd_mss", [](const TcpInfo& i) -> int64_t { return i.snd_mss; }},
    {"advmss", [](const TcpInfo& i) -> int64_t { return i.advmss; }},
    {"rcv_mss", [](const TcpInfo& i) -> int64_t { return i.rcv_mss; }},
    {"bytes_received",
     [](const TcpInfo& i) -> int64_t { return static_cast<int64_t>(i.bytes_received); }},
    {"inq", [](const TcpInfo& i) -> int64_t { return static_cast<int64_t>(i.inq); }},
    {"rto", [](const TcpInfo& i) -> int64_t { return i.rto_us; }},
    {"rtt", [](const TcpInfo& i) -> int64_t { return i.srtt_us; }},
    {"min_rtt", [](const TcpInfo& i) -> int64_t { return i.min_rtt_us; }},
    {"rcv_rtt", [](const TcpInfo& i) -> int64_t { return i.rcv_rtt_us; }},
    {"busy_time", [](const TcpInfo& i) -> int64_t { return i.busy_us; }},
    {"rwnd_limited", [](const TcpInfo& i) -> int64_t { return i.window_limited_us; }},
    {"sndbuf_limited", [](const TcpInfo& i) -> int64_t { return i.buffer_limited_us; }},
    {"sk_meminfo_rcvbuf", [](const TcpInfo& i) -> int64_t { return i.rcvbuf; }},
};

// What getsockopt() returns.
constexpr struct {
  const char* name;
  int64_t (*value)(const Tcb&);
} kOptions[] = {
    {"opt.SO_RCVBUF", [](const Tcb& t) { return t.win.rcvbuf; }},
    {"opt.SO_SNDBUF", [](const Tcb& t) { return t.sndbuf; }},
    {"opt.TCP_NODELAY", [](const Tcb& t) -> int64_t { return t.config.nodelay ? 1 : 0; }},
    {"opt.TCP_CORK", [](const Tcb& t) -> int64_t { return t.cork ? 1 : 0; }},
    {"opt.TCP_QUICKACK", [](const Tcb& t) -> int64_t { return t.ack.pingpong ? 0 : 1; }},
    {"opt.TCP_USER_TIMEOUT", [](const Tcb& t) { return t.config.user_timeout_us / 1000; }},
    {"opt.TCP_NOTSENT_LOWAT", [](const Tcb& t) { return t.config.notsent_lowat; }},
    {"opt.TCP_MAXSEG",
     [](const Tcb& t) -> int64_t {
       const bool open = t.state != TcpState::kClosed && t.state != TcpState::kListen;
       if (!open && t.config.linux_3_11) return 536;  // TCP_MSS_DEFAULT, whatever was asked for
       return open || t.config.max_seg == 0 ? int64_t{t.opt.mss} : t.config.max_seg;
     }},
};

bool Holds(int64_t a, const std::string& op, int64_t b) {
  if (op == "==") return a == b;
  if (op == "!=") return a != b;
  if (op == "<") return a < b;
  if (op == "<=") return a <= b;
  if (op == ">") return a > b;
  return a >= b;
}

StateCheckResult CompareWord(const TraceCheck& check, const std::string& actual) {
  return {true, (check.op == "!=") != (check.text == actual), actual};
}

StateCheckResult CompareNumber(const TraceCheck& check, int64_t actual) {
  if (!check.number) return {false, true, ""};
  return {true, Holds(actual, check.op, *check.number), std::to_string(actual)};
}

StateCheckResult CheckTcpState(const TraceCheck& check, TcpState state) {
  const StateName& name = kStates[static_cast<size_t>(state)];
  if (check.number) return CompareNumber(check, name.number);
  TraceCheck bare = check;
  if (bare.text.rfind("TCP_", 0) == 0) bare.text = bare.text.substr(4);
  return CompareWord(bare, name.name);
}

}  // namespace

StateCheckResult CheckState(const TraceCheck& check, const Connection& connection) {
  const TcpInfo info = connection.Info();
  if (check.field == "ca_state") {
    if (check.number) return CompareNumber(check, static_cast<int64_t>(info.ca_state));
    return CompareWord(check, kCaNames[static_cast<size_t>(info.ca_state)]);
  }
  if (check.field == "state") return CheckTcpState(check, info.state);
  if (check.field == "last_data_recv") {
    const Tcb& t = connection.tcb();
    return CompareNumber(check,
                         t.clock.JiffiesToUs(t.clock.jiffies() - t.ack.last_received) / 1000);
  }
  for (const auto& option : kOptions) {
    if (check.field == option.name) return CompareNumber(check, option.value(connection.tcb()));
  }
  for (const Field& field : kFields) {
    if (check.field == field.name) return CompareNumber(check, field.value(info));
  }
  return {false, true, ""};
}

}  // namespace ddpsim
