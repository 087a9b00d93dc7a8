#include "sim/tcp_check/trace_settings.h"

#include <iterator>

namespace ddpsim {
namespace {

struct IntegerSetting {
  const char* name;
  int64_t TcpConfig::*field;
  int64_t divisor;  // of the file's unit in ours
};

struct BooleanSetting {
  const char* name;
  bool TcpConfig::*field;
};

constexpr IntegerSetting kIntegers[] = {
    {"mtu", &TcpConfig::mtu, 1},
    {"init_cwnd", &TcpConfig::init_cwnd, 1},
    {"reordering", &TcpConfig::reordering, 1},
    {"tso_win_divisor", &TcpConfig::tso_win_divisor, 1},
    {"rto_min_us", &TcpConfig::rto_min_us, 1},
    {"rto_max_us", &TcpConfig::rto_max_us, 1},
    {"rto_init_us", &TcpConfig::rto_init_us, 1},
    {"delack_min_us", &TcpConfig::delack_min_us, 1},
    {"delack_max_us", &TcpConfig::delack_max_us, 1},
    {"ecn", &TcpConfig::ecn, 1},
};
constexpr BooleanSetting kBooleans[] = {
    {"sack", &TcpConfig::sack},
    {"dsack", &TcpConfig::dsack},
    {"timestamps", &TcpConfig::timestamps},
    {"rack", &TcpConfig::rack},
    {"tlp", &TcpConfig::tlp},
    {"frto", &TcpConfig::frto},
    {"slow_start_after_idle", &TcpConfig::slow_start_after_idle},
    {"tso", &TcpConfig::tso},
};

constexpr IntegerSetting kSysctlIntegers[] = {
    {"tcp_comp_sack_nr", &TcpConfig::comp_sack_nr, 1},
    {"tcp_comp_sack_delay_ns", &TcpConfig::comp_sack_delay_us, 1000},
    {"tcp_comp_sack_slack_ns", &TcpConfig::comp_sack_slack_us, 1000},
    {"tcp_min_tso_segs", &TcpConfig::min_tso_segs, 1},
    {"tcp_tso_rtt_log", &TcpConfig::tso_rtt_log, 1},
    {"tcp_tso_win_divisor", &TcpConfig::tso_win_divisor, 1},
    {"tcp_reordering", &TcpConfig::reordering, 1},
    {"tcp_max_reordering", &TcpConfig::max_reordering, 1},
    {"tcp_pacing_ss_ratio", &TcpConfig::pacing_ss_ratio, 1},
    {"tcp_pacing_ca_ratio", &TcpConfig::pacing_ca_ratio, 1},
    {"tcp_limit_output_bytes", &TcpConfig::limit_output_bytes, 1},
    {"tcp_syn_retries", &TcpConfig::syn_retries, 1},
    {"tcp_syn_linear_timeouts", &TcpConfig::syn_linear_timeouts, 1},
    {"tcp_synack_retries", &TcpConfig::synack_retries, 1},
    {"tcp_retries2", &TcpConfig::retries2, 1},
    {"tcp_ecn", &TcpConfig::ecn, 1},
    {"tcp_notsent_lowat", &TcpConfig::notsent_lowat_sysctl, 1},
    {"tcp_early_retrans", &TcpConfig::early_retransmit, 1},
};
constexpr BooleanSetting kSysctlBooleans[] = {
    {"tcp_sack", &TcpConfig::sack},
    {"tcp_dsack", &TcpConfig::dsack},
    {"tcp_window_scaling", &TcpConfig::window_scaling},
    {"tcp_slow_start_after_idle", &TcpConfig::slow_start_after_idle},
    {"tcp_autocorking", &TcpConfig::autocorking},
    {"tcp_moderate_rcvbuf", &TcpConfig::moderate_rcvbuf},
    {"tcp_retrans_collapse", &TcpConfig::retrans_collapse},
};

CongestionControlKind CongestionControlNamed(const std::string& name) {
  return name == "reno" ? CongestionControlKind::kReno : CongestionControlKind::kCubic;
}

void ApplyIntegers(const TraceSetting& setting, int64_t value, TcpConfig* config) {
  for (const IntegerSetting& known : kSysctlIntegers) {
    if (setting.name == known.name) config->*known.field = value / known.divisor;
  }
  for (const BooleanSetting& known : kSysctlBooleans) {
    if (setting.name == known.name) config->*known.field = value != 0;
  }
  if (setting.name == "tcp_invalid_ratelimit") config->invalid_ratelimit_us = value * 1000;
  if (setting.name == "tcp_fin_timeout") config->fin_timeout_us = value * 1000000;
  if (setting.name == "tcp_early_retrans") config->tlp = value == 3 || value == 4;
  if (setting.name == "tcp_recovery") config->rack = (value & 1) != 0;
  if (setting.name == "tcp_rto_max_ms") config->rto_max_us = value * 1000;
  if (setting.name == "tcp_rto_min_us") config->rto_min_us = value;
  if (setting.name == "tcp_timestamps") config->timestamps = value != 0;
  if (setting.name == "tcp_frto") config->frto = value != 0;
}

void ReadBuffers(const NodeView& config, const char* key, int64_t* initial, int64_t* most) {
  const std::optional<NodeView> sizes = config.Find(key);
  if (!sizes) return;
  const std::vector<NodeView> items = sizes->Items();
  if (items.size() != 3) {
    sizes->Fail("must be [min, default, max]");
    return;
  }
  *initial = items[1].AsInteger(0, INT64_MAX);
  *most = items[2].AsInteger(0, INT64_MAX);
}

}  // namespace

TraceSetting ReadSetting(const std::string& name, const NodeView& value) {
  TraceSetting setting;
  setting.name = name;
  if (value.is_array()) {
    for (const NodeView& item : value.Items()) {
      if (item.node().is_number())
        setting.numbers.push_back(static_cast<int64_t>(item.node().real));
    }
  } else if (value.node().is_string()) {
    setting.text = value.node().text;
  } else if (value.node().kind == JsonNode::Kind::kBoolean) {
    setting.numbers.push_back(value.node().boolean ? 1 : 0);
  } else if (value.node().is_number()) {
    setting.numbers.push_back(static_cast<int64_t>(value.node().real));
  }
  return setting;
}

void ApplySysctl(const TraceSetting& setting, TcpConfig* config) {
  if (setting.numbers.size() == 3) {
    if (setting.name == "tcp_rmem") {
      config->rmem_default = setting.numbers[1];
      config->rmem_max = setting.numbers[2];
    }
    if (setting.name == "tcp_wmem") {
      config->wmem_default = setting.numbers[1];
      config->wmem_max = setting.numbers[2];
    }
  }
  if (setting.numbers.size() == 1) ApplyIntegers(setting, setting.numbers[0], config);
  if (setting.name == "tcp_congestion_control")
    config->congestion_control = CongestionControlNamed(setting.text);
}

TcpConfig ReadTraceConfig(const NodeView& source) {
  TcpConfig config;
  config.nodelay = false;
  config.device_holds_skbs = false;
  config.slow_start_after_idle = false;
  // The traces' kernel is one without wireless.
  config.max_tcp_header = 256;
  config.tx_skb_overhead = 832;
  config.syn_linear_timeouts = 4;
  // First the complete list, then the words of `config` itself, which were made from it.
  if (const std::optional<NodeView> sysctl = source.Find("sysctl")) {
    for (const auto& [name, value] : sysctl->Members())
      ApplySysctl(ReadSetting(name, value), &config);
  }
  for (const IntegerSetting& known : kIntegers)
    config.*known.field = source.Integer(known.name, config.*known.field, 0);
  for (const BooleanSetting& known : kBooleans)
    config.*known.field = source.Boolean(known.name, config.*known.field);
  if (source.Has("cc")) config.congestion_control = CongestionControlNamed(source.Text("cc", ""));
  // tcp_recovery no longer switches RACK off (v6.16+, which has no other way to find losses).
  config.rack = true;
  if (source.Text("profile", "") == "linux-old") {
    config.linux_3_11 = true;
    config.rack = false;
    config.syn_linear_timeouts = 0;
    config.adaptive_scaling_ratio = false;
  }
  ReadBuffers(source, "rmem", &config.rmem_default, &config.rmem_max);
  ReadBuffers(source, "wmem", &config.wmem_default, &config.wmem_max);
  return config;
}

}  // namespace ddpsim
