// Builds C2H byte streams of real PDUs for tests: every byte of data is a function of (ccid, offset
// in the command's buffer).
#ifndef DDPSIM_TESTS_UNIT_NIC_PDU_STREAM_H_
#define DDPSIM_TESTS_UNIT_NIC_PDU_STREAM_H_

#include <cstdint>
#include <vector>

#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"

namespace ddpsim {

inline uint8_t DataByte(uint16_t ccid, uint32_t offset) {
  // Never below 0x40, so that no data byte is a PDU type.
  return static_cast<uint8_t>(0x40 + (ccid * 31 + offset * 7 + offset / 251) % 0xb0);
}

class SampleStream {
 public:
  explicit SampleStream(PduFraming framing = {}) : framing_(framing) {}

  // Returns where in the stream the PDU starts.
  uint32_t C2HData(uint16_t ccid, uint32_t datao, uint32_t datal, bool last = true) {
    const uint32_t start = size();
    uint8_t header[kMaxPduHeader];
    const uint32_t n = EmitC2HData({ccid, datao, datal, last, false}, framing_, header);
    bytes.insert(bytes.end(), header, header + n);
    const uint32_t data_at = size();
    for (uint32_t i = 0; i < datal; ++i) bytes.push_back(DataByte(ccid, datao + i));
    if (framing_.data_digest) AppendDigest(Crc32c(0, ByteSpan(&bytes[data_at], datal)));
    return start;
  }
  uint32_t CapsuleResp(uint16_t cid) {
    const uint32_t start = size();
    CapsuleRespRepr repr;
    repr.cqe.command_id = cid;
    uint8_t header[kMaxPduHeader];
    const uint32_t n = EmitCapsuleResp(repr, framing_, header);
    bytes.insert(bytes.end(), header, header + n);
    return start;
  }
  uint32_t size() const { return static_cast<uint32_t>(bytes.size()); }
  ByteSpan Slice(uint32_t offset, uint32_t length) const {
    return ByteSpan(bytes).subspan(offset, length);
  }

  std::vector<uint8_t> bytes;

 private:
  void AppendDigest(uint32_t crc) {
    uint8_t digest[4];
    StoreLe32(digest, crc);
    bytes.insert(bytes.end(), digest, digest + 4);
  }
  PduFraming framing_;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NIC_PDU_STREAM_H_
