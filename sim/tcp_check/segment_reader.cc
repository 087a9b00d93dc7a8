#include "sim/tcp_check/segment_reader.h"

#include "ddpsim/wire/tcp_segment.h"
#include "sim/tcp_check/segment_text.h"
#include "sim/text/nearest_name.h"

namespace ddpsim {
namespace {

uint8_t ReadFlags(const NodeView& list) {
  uint8_t flags = 0;
  for (const NodeView& item : list.Items()) {
    const std::string name = item.AsText();
    const uint8_t bit = FlagNamed(name);
    if (bit == 0 && !name.empty())
      item.Fail("unknown flag \"" + name + "\"" + AcceptedNames(name, FlagNames()));
    flags |= bit;
  }
  return flags;
}

void ReadSack(const NodeView& list, std::vector<TraceSegment::Range>* out) {
  for (const NodeView& block : list.Items()) {
    const std::vector<NodeView> edges = block.Items();
    if (edges.size() != 2) {
      block.Fail("must be [left, right]");
      continue;
    }
    out->emplace_back(static_cast<uint32_t>(edges[0].AsInteger(0, UINT32_MAX)),
                      static_cast<uint32_t>(edges[1].AsInteger(0, UINT32_MAX)));
  }
  if (out->size() > TcpOptions().sack.size()) {
    list.Fail("an option holds 4 blocks at most");
    out->resize(TcpOptions().sack.size());
  }
}

void ReadOptions(const NodeView& options, TraceSegment* out) {
  if (options.Is("any")) return;
  if (!options.is_object()) {
    options.Fail("must be an object or \"any\"");
    return;
  }
  out->any_options = false;
  if (options.Has("mss"))
    out->mss = static_cast<uint16_t>(options.Integer("mss", 0, 0, UINT16_MAX));
  if (options.Has("wscale"))
    out->wscale = static_cast<uint8_t>(options.Integer("wscale", 0, 0, 255));
  out->sack_ok = options.Boolean("sack_ok", false);
  if (const auto ts = options.Find("ts"))
    out->ts = TraceSegment::Timestamps{ts->Sequence("val"), ts->Sequence("ecr")};
  if (const auto sack = options.Find("sack")) ReadSack(*sack, &out->sack);
}

}  // namespace

TraceSegment ReadSegment(const NodeView& source) {
  TraceSegment segment;
  if (const auto flags = source.Need("flags")) segment.flags = ReadFlags(*flags);
  segment.seq = source.Sequence("seq");
  segment.len = source.Sequence("len");
  if (source.Has("ack")) segment.ack = source.Sequence("ack");
  if ((segment.flags & kTcpAck) != 0 && !segment.ack)
    source.Fail("\"ack\" is missing, but the ACK flag is set");
  if (const auto win = source.Find("win"); win && !win->Is("any"))
    segment.win = win->AsInteger(0, INT64_MAX);
  segment.win_raw = static_cast<uint16_t>(source.Integer("win_raw", 0, 0, UINT16_MAX));
  if (const auto options = source.Find("opts")) ReadOptions(*options, &segment);
  segment.ip_ecn = source.Text("ip_ecn", "");
  return segment;
}

}  // namespace ddpsim
