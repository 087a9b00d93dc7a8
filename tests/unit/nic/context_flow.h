// Drives an RxContext with segments of a SampleStream: seq of stream byte 0 is `base`.
#ifndef DDPSIM_TESTS_UNIT_NIC_CONTEXT_FLOW_H_
#define DDPSIM_TESTS_UNIT_NIC_CONTEXT_FLOW_H_

#include <catch2/catch.hpp>

#include "models/nic/rx_context.h"
#include "pdu_stream.h"

namespace ddpsim {

struct ContextFlow {
  explicit ContextFlow(PduFraming framing = {}, uint32_t base_seq = 1000)
      : stream(framing), base(base_seq) {
    config.format = PduFormat(framing.header_digest, framing.data_digest, 1 << 20);
    config.crc_en = framing.data_digest;
  }

  // Takes the config and starts at stream byte 0.
  void Start() {
    context.Configure(config);
    context.Start(SeqNum(base), false);
  }
  const DdpVerdict& Send(uint32_t from, uint32_t size) {
    context.OnSegment(SeqNum(base) + from, stream.Slice(from, size), &verdict);
    // The law of every packet: what is named as data of (ccid, ccoff) is that.
    for (const DataRun& run : verdict.runs) {
      for (uint32_t i = 0; i < run.size; ++i) {
        REQUIRE(stream.bytes[from + run.offset + i] == DataByte(run.ccid, run.ccoff + i));
      }
    }
    REQUIRE_FALSE((verdict.resync_request.has_value() && verdict.offloaded));
    return verdict;
  }
  // Everything in [from, to) in packets of `mss`.
  void SendAll(uint32_t from, uint32_t to, uint32_t mss) {
    for (; from < to; from += mss) Send(from, std::min(mss, to - from));
  }
  bool Answer(uint32_t stream_offset) {
    return context.OnResyncResponse(SeqNum(base) + stream_offset);
  }
  uint32_t expected() const { return static_cast<uint32_t>(context.expected() - SeqNum(base)); }

  SampleStream stream;
  uint32_t base;
  RxContextConfig config;
  RxContext context;
  DdpVerdict verdict;
};

// Twelve PDUs of 1000 data bytes, ccid 0 to 11, no digests: headers at 0, 1024, 2048, ...
inline ContextFlow TwelvePdus(uint32_t base = 1000) {
  ContextFlow f({}, base);
  for (uint16_t ccid = 0; ccid < 12; ++ccid) f.stream.C2HData(ccid, 0, 1000);
  return f;
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NIC_CONTEXT_FLOW_H_
