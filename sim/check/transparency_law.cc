#include "sim/check/transparency_law.h"

#include "absl/strings/str_cat.h"
#include "sim/check/payload_digest.h"

namespace ddpsim {
namespace {

uint64_t DigestOf(ByteSpan bytes) {
  PayloadDigest digest;
  digest.Add(bytes);
  return digest.Finish();
}

uint64_t DigestOf(const Skb& skb) {
  PayloadDigest digest;
  for (const Payload& frag : skb.frags) digest.Add(frag.bytes());
  return digest.Finish();
}

}  // namespace

void TransparencyLaw::OnFrameAccepted(const Frame& frame) {
  if (!ParseFrame(frame.bytes(), &parsed_)) return;
  ++outstanding_;
  const TcpHeader& tcp = parsed_.tcp;
  // A SYN takes a sequence number of its own.
  const SeqNum first_byte = (tcp.flags & kTcpSyn) != 0 ? tcp.seq + 1 : tcp.seq;
  flows_[FlowKey(tcp)].push_back({tcp.seq, first_byte,
                                  static_cast<uint32_t>(parsed_.payload.size()),
                                  DigestOf(parsed_.payload)});
}

bool TransparencyLaw::WasRead(const Skb& skb) {
  const SeqNum* const end = read_.Find(FlowKey(skb.tcp));
  return end != nullptr && skb.end_seq() <= *end;
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
  } else if (expected.digest != DigestOf(skb) && !WasRead(skb)) {
    Violate(now, absl::StrCat("payload of sequence ", skb.tcp.seq.value(),
                              " is not what was on the wire"));
  }
}

}  // namespace ddpsim
