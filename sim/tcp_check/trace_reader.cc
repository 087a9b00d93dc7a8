#include "sim/tcp_check/trace_reader.h"

#include <algorithm>
#include <cmath>

#include "sim/tcp_check/node_view.h"
#include "sim/tcp_check/segment_reader.h"
#include "sim/tcp_check/trace_settings.h"
#include "sim/text/json_parser.h"
#include "sim/text/nearest_name.h"

namespace ddpsim {
namespace {

constexpr char kFormat[] = "tcp-trace-test/1";

struct OpName {
  const char* name;
  TraceOp op;
};

constexpr OpName kOps[] = {
    {"listen", TraceOp::kListen}, {"connect", TraceOp::kConnect}, {"accept", TraceOp::kAccept},
    {"inject", TraceOp::kInject}, {"expect", TraceOp::kExpect},   {"write", TraceOp::kWrite},
    {"read", TraceOp::kRead},     {"close", TraceOp::kClose},     {"shutdown", TraceOp::kShutdown},
    {"setopt", TraceOp::kSetopt}, {"assert", TraceOp::kAssert},   {"config", TraceOp::kConfig},
    {"wait", TraceOp::kWait}};

struct Defaults {
  int64_t tolerance_us = 4000;
  double tolerance_percent = 12.5;
  uint32_t inject_gso = 0;
};

std::optional<TraceOp> ReadOp(const NodeView& event) {
  const std::optional<NodeView> node = event.Need("op");
  if (!node) return std::nullopt;
  const std::string name = node->AsText();
  std::vector<std::string> names;
  for (const OpName& known : kOps) {
    if (name == known.name) return known.op;
    names.emplace_back(known.name);
  }
  node->Fail("unknown operation \"" + name + "\"" + AcceptedNames(name, names));
  return std::nullopt;
}

void ReadTime(const NodeView& source, TraceEvent* event) {
  const bool has_dt = source.Has("dt");
  event->time.absolute = source.Has("at");
  if (has_dt == event->time.absolute) {
    source.Fail("needs exactly one of \"dt\" and \"at\"");
    return;
  }
  const NodeView when = *source.Find(has_dt ? "dt" : "at");
  if (when.node().kind == JsonNode::Kind::kInteger) {
    event->time.earliest = event->time.latest = when.AsInteger(0, INT64_MAX);
    return;
  }
  const bool expect = event->op == TraceOp::kExpect;
  if (expect && has_dt && when.Is("any")) {
    event->time.any = true;
  } else if (expect && when.is_array() && when.node().items.size() == 2) {
    event->time.earliest = when.Items()[0].AsInteger(0, INT64_MAX);
    event->time.latest = when.Items()[1].AsInteger(event->time.earliest, INT64_MAX);
  } else {
    when.Fail(expect ? "must be an integer, [earliest, latest] or (dt only) \"any\""
                     : "must be an integer");
  }
}

void ReadWrite(const NodeView& source, TraceEvent* event) {
  event->length = source.Sequence("len");
  event->result = source.Integer("ret", event->length, -1);
  event->blocking = source.Boolean("blocking", false);
  event->done_us = source.Integer("done_dt", 0, 0);
  const std::optional<NodeView> flags = source.Find("flags");
  if (!flags) return;
  for (const NodeView& flag : flags->Items()) {
    event->more |= flag.Is("MSG_MORE");
    event->eor |= flag.Is("MSG_EOR");
  }
}

void ReadRead(const NodeView& source, TraceEvent* event) {
  event->length = source.Sequence("max");
  event->result = source.Integer("ret", 0, -1);
  event->peek = source.Boolean("peek", false);
  if (source.Has("inq_after")) event->unread_after = source.Integer("inq_after", 0, 0);
}

void ReadShutdown(const NodeView& source, TraceEvent* event) {
  const std::string how = source.Text("how", "WR");
  if (how != "RD" && how != "WR" && how != "RDWR")
    source.Find("how")->Fail("must be RD, WR or RDWR");
  event->shut_read = how != "WR";
  event->shut_write = how != "RD";
}

void ReadChecks(const NodeView& source, TraceEvent* event) {
  static const std::vector<std::string> kOperators = {"==", "!=", "<", "<=", ">", ">="};
  if (const auto left = source.Find("unconverted"))
    event->not_converted = left->is_array() ? left->node().items.size() : 1;
  const std::optional<NodeView> list = source.Find("checks");
  if (!list) return;
  for (const NodeView& item : list->Items()) {
    TraceCheck check;
    check.field = item.Text("field", "");
    check.op = item.Text("op", "==");
    if (std::find(kOperators.begin(), kOperators.end(), check.op) == kOperators.end())
      item.Fail("unknown operator \"" + check.op + "\"" + AcceptedNames(check.op, kOperators));
    const std::optional<NodeView> value = item.Need("value");
    if (!value) continue;
    if (value->node().is_string()) {
      check.text = value->node().text;
    } else if (value->node().is_number()) {
      check.number = static_cast<int64_t>(value->node().real);
    }
    event->checks.push_back(check);
  }
}

void ReadSettings(const NodeView& source, TraceEvent* event) {
  if (event->op == TraceOp::kSetopt) {
    const auto value = source.Need("value");
    if (value) event->settings.push_back(ReadSetting(source.Text("opt", ""), *value));
    return;
  }
  const auto sysctl = source.Find("sysctl");
  if (!sysctl) return;
  for (const auto& [name, value] : sysctl->Members())
    event->settings.push_back(ReadSetting(name, value));
}

void ReadArguments(const NodeView& source, const Defaults& defaults, TraceEvent* event) {
  switch (event->op) {
    case TraceOp::kInject:
    case TraceOp::kExpect:
      if (const auto segment = source.Need("seg")) event->segment = ReadSegment(*segment);
      event->gso_size =
          static_cast<uint32_t>(source.Integer("gso_size", defaults.inject_gso, 0, UINT16_MAX));
      break;
    case TraceOp::kWrite:
      ReadWrite(source, event);
      break;
    case TraceOp::kRead:
      ReadRead(source, event);
      break;
    case TraceOp::kShutdown:
      ReadShutdown(source, event);
      break;
    case TraceOp::kAssert:
      ReadChecks(source, event);
      break;
    case TraceOp::kSetopt:
    case TraceOp::kConfig:
      ReadSettings(source, event);
      break;
    default:
      break;
  }
}

// One trace is one socket. A second listen() or connect() gets EINVAL or EISCONN from Linux, for
// which the format has no words.
class OpenedOnce {
 public:
  void See(const NodeView& event, size_t index, TraceOp op) {
    if (op != TraceOp::kListen && op != TraceOp::kConnect) return;
    if (!first_) {
      first_ = index;
    } else {
      event.Find("op")->Fail("the endpoint was opened by event " + std::to_string(*first_) +
                             " already; accepted: one listen or connect in a trace");
    }
  }

 private:
  std::optional<size_t> first_;
};

void ReadEvents(const NodeView& list, const Defaults& defaults, Trace* trace) {
  int64_t previous = 0;
  OpenedOnce opened;
  size_t index = 0;
  for (const NodeView& source : list.Items()) {
    const size_t at = index++;
    const std::optional<TraceOp> op = ReadOp(source);
    if (!op) continue;
    opened.See(source, at, *op);
    TraceEvent event;
    event.op = *op;
    event.line = source.line();
    ReadTime(source, &event);
    const int64_t computed = event.time.latest + (event.time.absolute ? 0 : previous);
    event.nominal_us = source.Integer("t_nom", computed);
    const double share =
        static_cast<double>(std::max<int64_t>(event.nominal_us - previous, 0)) / 100;
    event.tolerance_us = source.Integer(
        "tol",
        std::max<int64_t>(defaults.tolerance_us, std::llround(share * defaults.tolerance_percent)),
        0);
    previous = event.nominal_us;
    ReadArguments(source, defaults, &event);
    trace->events.push_back(std::move(event));
  }
}

Defaults ReadDefaults(const NodeView& root) {
  Defaults defaults;
  if (const auto tolerance = root.Find("tolerance")) {
    defaults.tolerance_us = tolerance->Integer("abs_us", defaults.tolerance_us, 0);
    if (const auto percent = tolerance->Find("pct")) defaults.tolerance_percent = percent->AsReal();
  }
  defaults.inject_gso = static_cast<uint32_t>(root.Integer("inject_gso", 0, 0, UINT16_MAX));
  return defaults;
}

Trace ReadRoot(const NodeView& root) {
  Trace trace;
  const std::optional<NodeView> format = root.Need("format");
  if (!format) return trace;
  if (!format->Is(kFormat)) format->Fail(std::string("must be \"") + kFormat + "\"");
  trace.name = root.Text("name", "");
  trace.test_class = root.Text("class", "C");
  trace.group = root.Text("group", "");
  if (const auto needed = root.Find("requires")) {
    for (const NodeView& item : needed->Items()) trace.needed.push_back(item.AsText());
  }
  if (const auto config = root.Find("config")) {
    trace.config = ReadTraceConfig(*config);
    if (const auto sysctl = config->Find("sysctl"))
      trace.probes_mtu = sysctl->Integer("tcp_mtu_probing", 0) != 0;
  }
  // Scripts were written for kernels of 1000 Hz, the recordings come from one of 250 Hz.
  if (trace.group.rfind("recorded", 0) != 0) trace.config.hz = 1000;
  trace.exact_segments = root.Text("segments", "aggregate") == "exact";
  if (const auto clock = root.Find("ts_clock")) {
    trace.check_ts_val = clock->Boolean("check_val", false);
    trace.ts_tick_us = clock->Integer("tick_us", 1000, 1);
    trace.exact_ecr = clock->Text("ecr_map", "exact") == "exact";
  }
  const Defaults defaults = ReadDefaults(root);
  if (const auto events = root.Need("events")) ReadEvents(*events, defaults, &trace);
  return trace;
}

bool Compares(const TraceEvent& event) {
  switch (event.op) {
    case TraceOp::kExpect:
    case TraceOp::kAccept:
    case TraceOp::kWrite:
    case TraceOp::kRead:
      return true;
    case TraceOp::kAssert:
      return !event.checks.empty() || event.not_converted != 0;
    default:
      return false;
  }
}

}  // namespace

std::optional<Trace> ReadTrace(const std::string& text, const std::string& file, Diagnostics& out) {
  const std::optional<JsonNode> root = ParseJson(text, file, out);
  if (!root) return std::nullopt;
  const NodeView view(*root, file, "", &out);
  Trace trace = ReadRoot(view);
  // What compares nothing would pass whatever the model does.
  if (out.empty() && std::none_of(trace.events.begin(), trace.events.end(), Compares)) {
    view.Find("events")->Fail(
        "nothing in it is compared; accepted: at least one expect, accept, write, read, or assert "
        "with checks");
  }
  if (!out.empty()) return std::nullopt;
  return trace;
}

}  // namespace ddpsim
