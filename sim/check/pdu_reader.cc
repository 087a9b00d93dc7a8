#include "sim/check/pdu_reader.h"

#include "ddpsim/base/bytes.h"
#include "ddpsim/wire/crc32c.h"

namespace ddpsim {
namespace {

// NVMe/TCP transport specification 1.0, section 3.6: types, and where the fields of the common
// header and of data PDUs lie.
enum Type : uint8_t {
  kIcReq = 0,
  kIcResp = 1,
  kH2CTerm = 2,
  kC2HTerm = 3,
  kCapsuleCmd = 4,
  kCapsuleResp = 5,
  kH2CData = 6,
  kC2HData = 7,
  kR2T = 9,
};
constexpr uint8_t kHdgstf = 1;
constexpr uint8_t kDdgstf = 2;
constexpr uint8_t kLastPdu = 4;
constexpr uint8_t kSuccess = 8;
constexpr uint32_t kDigest = 4;
constexpr uint32_t kLongestTerm = 152;  // 24 bytes and up to 128 of the refused PDU

uint8_t HlenOf(uint8_t type) {
  switch (type) {
    case kIcReq:
    case kIcResp:
      return 128;
    case kCapsuleCmd:
      return 72;
    case kH2CTerm:
    case kC2HTerm:
    case kCapsuleResp:
    case kH2CData:
    case kC2HData:
    case kR2T:
      return 24;
    default:
      return 0;
  }
}

// PDUs of set-up and termination carry no digests.
bool Digested(uint8_t type) { return type >= kCapsuleCmd; }
bool CarriesData(uint8_t type) { return type == kH2CData || type == kC2HData; }

}  // namespace

bool PduReader::FlagsPossible(uint8_t type, uint8_t flags) const {
  if (!Digested(type)) return flags == 0;
  const uint8_t fixed = header_digest_ ? kHdgstf : 0;
  if (type == kCapsuleCmd) return flags == fixed || (data_digest_ && flags == (fixed | kDdgstf));
  if (!CarriesData(type)) return flags == fixed;
  const uint8_t data = fixed | (data_digest_ ? kDdgstf : 0);
  return flags == data || flags == (data | kLastPdu) ||
         (type == kC2HData && flags == (data | kLastPdu | kSuccess));
}

bool PduReader::SizesPossible(ByteSpan common, uint32_t header_size) const {
  const uint8_t type = common[0];
  const uint8_t pdo = common[3];
  const uint32_t plen = LoadLe32(&common[4]);
  if (plen < header_size || plen > longest_) return false;
  if (CarriesData(type) && Empty(plen, header_size)) return true;
  if (CarriesData(type)) return pdo >= header_size && pdo % 4 == 0 && plen >= pdo;
  if (type == kH2CTerm || type == kC2HTerm) return plen <= kLongestTerm;
  return type == kCapsuleCmd || plen == header_size;
}

bool PduReader::Empty(uint32_t plen, uint32_t header_size) const {
  return plen == header_size || (data_digest_ && plen == header_size + kDigest);
}

bool PduReader::DigestRight(ByteSpan header, uint32_t covered) const {
  return Crc32c(0, header.subspan(0, covered)) == LoadLe32(&header[covered]);
}

HeaderReading PduReader::Read(ByteSpan bytes, PduFacts* facts) const {
  if (bytes.size() < kSizesKnown) return HeaderReading::kIncomplete;
  const uint8_t type = bytes[0];
  const uint8_t hlen = HlenOf(type);
  if (hlen == 0 || bytes[2] != hlen || !FlagsPossible(type, bytes[1])) return HeaderReading::kNone;
  *facts = PduFacts();
  facts->header_size = hlen + (header_digest_ && Digested(type) ? kDigest : 0);
  facts->size = LoadLe32(&bytes[4]);
  facts->data_at = facts->header_size;
  if (!SizesPossible(bytes, facts->header_size)) return HeaderReading::kNone;
  if (bytes.size() < facts->header_size) return HeaderReading::kSizes;
  if (facts->header_size > hlen && !DigestRight(bytes, hlen)) return HeaderReading::kNone;
  if (type != kC2HData) return HeaderReading::kWhole;
  facts->ccid = LoadLe16(&bytes[8]);
  facts->data_offset = LoadLe32(&bytes[12]);
  facts->data_size = LoadLe32(&bytes[16]);
  const bool empty = facts->data_size == 0 && Empty(facts->size, facts->header_size);
  if (!empty) facts->data_at = bytes[3];
  const bool digest = empty ? facts->size > facts->header_size : data_digest_;
  facts->digest_size = digest ? kDigest : 0;
  const uint64_t sum = uint64_t{facts->data_at} + facts->data_size + facts->digest_size;
  return sum == facts->size ? HeaderReading::kWhole : HeaderReading::kNone;
}

HeaderReading PduReader::Match(ByteSpan bytes) const {
  if (bytes.empty()) return HeaderReading::kIncomplete;
  const uint8_t type = bytes[0];
  const uint8_t hlen = HlenOf(type);
  if (hlen == 0) return HeaderReading::kNone;
  if (bytes.size() > 1 && !FlagsPossible(type, bytes[1])) return HeaderReading::kNone;
  if (bytes.size() > 2 && bytes[2] != hlen) return HeaderReading::kNone;
  if (bytes.size() < kSizesKnown) return HeaderReading::kIncomplete;
  const uint32_t header_size = hlen + (header_digest_ && Digested(type) ? kDigest : 0);
  if (!SizesPossible(bytes, header_size)) return HeaderReading::kNone;
  if (header_size == hlen) return HeaderReading::kWhole;
  if (bytes.size() < header_size) return HeaderReading::kIncomplete;
  return DigestRight(bytes, hlen) ? HeaderReading::kWhole : HeaderReading::kNone;
}

}  // namespace ddpsim
