#include "sim/check/transparency_law.h"

#include <cstring>

#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

uint32_t FlowKey(const TcpHeader& tcp) {
  return uint32_t{tcp.source_port} << 16 | tcp.destination_port;
}

}  // namespace

void TransparencyLaw::OnFrameAccepted(const FramePtr& frame) {
  if (!ParseFrame(frame->bytes(), &parsed_)) return;
  ++outstanding_;
  const TcpHeader& tcp = parsed_.tcp;
  // A SYN takes a sequence number of its own.
  const SeqNum first_byte = (tcp.flags & kTcpSyn) != 0 ? tcp.seq + 1 : tcp.seq;
  flows_[FlowKey(tcp)].push_back({frame, tcp.seq, first_byte, parsed_.payload_offset,
                                  static_cast<uint32_t>(parsed_.payload.size())});
}

void TransparencyLaw::OnDriverSkb(const Skb& skb, SimTime now) {
  Looked();
  RingQueue<Expected>& flow = flows_[FlowKey(skb.tcp)];
  if (flow.empty()) {
    Violate(now, absl::StrCat("skb of sequence ", skb.seq.value(), " without a frame"));
    return;
  }
  const Expected expected = flow.pop_front();
  --outstanding_;
  if (expected.seq != skb.tcp.seq || expected.first_byte != skb.seq || expected.size != skb.size) {
    Violate(now, absl::StrCat("frame of sequence ", expected.seq.value(), " and ", expected.size,
                              " bytes came up as sequence ", skb.seq.value(), " and ", skb.size,
                              " bytes"));
  } else if (!SameBytes(expected, skb)) {
    Violate(now, absl::StrCat("payload of sequence ", skb.tcp.seq.value(),
                              " is not what was on the wire"));
  }
}

bool TransparencyLaw::SameBytes(const Expected& expected, const Skb& skb) {
  const uint8_t* wire = expected.frame->bytes().data() + expected.offset;
  uint32_t left = expected.size;
  for (const Payload& frag : skb.frags) {
    if (frag.size > left || std::memcmp(wire, frag.data, frag.size) != 0) return false;
    wire += frag.size;
    left -= frag.size;
  }
  return left == 0;
}

}  // namespace ddpsim
