#include "trace_format.h"

#include <map>

namespace ddpsim {

using Json = nlohmann::json;

uint8_t FlagBits(const Json& list) {
  static const std::map<std::string, uint8_t> kBits = {
      {"FIN", kTcpFin}, {"SYN", kTcpSyn}, {"RST", kTcpRst}, {"PSH", kTcpPsh},
      {"ACK", kTcpAck}, {"URG", kTcpUrg}, {"ECE", kTcpEce}, {"CWR", kTcpCwr}};
  uint8_t bits = 0;
  for (const Json& name : list) bits |= kBits.at(name.get<std::string>());
  return bits;
}

std::string FlagText(uint8_t flags) {
  std::string text;
  const char* names = "FSRPAUEC";
  for (int i = 0; i < 8; ++i) {
    if ((flags >> i & 1) != 0) text += names[i];
  }
  return text;
}

TcpConfig ConfigFrom(const Json& c) {
  TcpConfig config;
  config.mtu = c.value("mtu", 1500);
  config.congestion_control = c.value("cc", "cubic") == "reno" ? CongestionControlKind::kReno
                                                               : CongestionControlKind::kCubic;
  config.sack = c.value("sack", true);
  config.dsack = c.value("dsack", true);
  config.timestamps = c.value("timestamps", true);
  config.init_cwnd = c.value("init_cwnd", 10);
  config.reordering = c.value("reordering", 3);
  config.rack = c.value("rack", true);
  config.tlp = c.value("tlp", true);
  config.frto = c.value("frto", true);
  config.slow_start_after_idle = c.value("slow_start_after_idle", false);
  config.tso_win_divisor = c.value("tso_win_divisor", 3);
  config.rto_min_us = c.value("rto_min_us", 200000);
  config.rto_max_us = c.value("rto_max_us", 120000000);
  config.rto_init_us = c.value("rto_init_us", 1000000);
  config.delack_min_us = c.value("delack_min_us", 40000);
  config.delack_max_us = c.value("delack_max_us", 200000);
  config.rmem_default = c["rmem"][1];
  config.rmem_max = c["rmem"][2];
  config.wmem_default = c["wmem"][1];
  config.wmem_max = c["wmem"][2];
  config.nodelay = false;
  const Json& sysctl = c["sysctl"];
  config.comp_sack_nr = sysctl.value("tcp_comp_sack_nr", 44);
  config.comp_sack_delay_us = sysctl.value("tcp_comp_sack_delay_ns", 1000000) / 1000;
  config.autocorking = sysctl.value("tcp_autocorking", 1) != 0;
  config.min_tso_segs = sysctl.value("tcp_min_tso_segs", 2);
  return config;
}

bool CompareValues(int64_t a, const std::string& op, int64_t b) {
  if (op == "==") return a == b;
  if (op == "!=") return a != b;
  if (op == "<") return a < b;
  if (op == "<=") return a <= b;
  if (op == ">") return a > b;
  return a >= b;
}

}  // namespace ddpsim
