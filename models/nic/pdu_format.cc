#include "models/nic/pdu_format.h"

#include <cstring>

#include "ddpsim/base/bytes.h"
#include "ddpsim/base/mutant.h"
#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"

namespace ddpsim {
namespace {

// Connection set-up and termination PDUs never carry digests.
bool HasDigests(PduType type) { return type >= PduType::kCapsuleCmd; }

bool IsData(PduType type) { return type == PduType::kC2HData || type == PduType::kH2CData; }

}  // namespace

bool PduFormat::FlagsPlausible(PduType type, uint8_t flags) const {
  if (!HasDigests(type)) return flags == 0;
  if (((flags & kPduHdgst) != 0) != header_digest_) return false;
  flags &= static_cast<uint8_t>(~kPduHdgst);
  if (type == PduType::kCapsuleCmd) return (flags & ~(data_digest_ ? kPduDdgst : 0)) == 0;
  if (!IsData(type)) return flags == 0;
  if (((flags & kPduDdgst) != 0) != data_digest_) return false;
  flags &= static_cast<uint8_t>(~kPduDdgst);
  if (type == PduType::kC2HData && flags == (kPduLast | kPduSuccess)) return true;
  return (flags & ~kPduLast) == 0;
}

bool PduFormat::LengthsPlausible(const PduCommonHeader& ch, uint32_t header_size) const {
  if (ch.plen < header_size || ch.plen > max_pdu_bytes_) return false;
  const uint32_t digest = data_digest_ ? kDigestSize : 0;
  switch (static_cast<PduType>(ch.type)) {
    case PduType::kC2HData:
    case PduType::kH2CData:
      // Without data PDO means nothing.
      if (ch.plen == header_size || ch.plen == header_size + digest) return true;
      return ch.pdo >= header_size && ch.pdo % 4 == 0 && ch.plen >= ch.pdo;
    case PduType::kH2CTermReq:
    case PduType::kC2HTermReq:
      return ch.plen <= kTermReqSize + kTermReqMaxData;
    case PduType::kCapsuleCmd:
      return true;
    default:
      return ch.plen == header_size;
  }
}

PduMatch PduFormat::Match(const uint8_t* p, size_t available) const {
  if (available == 0) return PduMatch::kPartial;
  const uint8_t hlen = PduHeaderLength(p[0]);
  if (hlen == 0) return PduMatch::kNo;
  if (available >= 3 && p[2] != hlen) return PduMatch::kNo;
  if (available >= 2 && !FlagsPlausible(static_cast<PduType>(p[0]), p[1])) return PduMatch::kNo;
  if (available < kCommonHeader) return PduMatch::kPartial;
  PduLayout layout;
  if (!ParseCommonHeader(p, &layout)) return PduMatch::kNo;
  // Without a header digest the common header is all there is to compare.
  if (layout.header_size == hlen) return PduMatch::kYes;
  if (available < layout.header_size) return PduMatch::kPartial;
  return Crc32c(0, ByteSpan(p, hlen)) == LoadLe32(p + hlen) ? PduMatch::kYes : PduMatch::kNo;
}

bool PduFormat::ParseCommonHeader(const uint8_t* p, PduLayout* layout) const {
  const PduCommonHeader ch = LoadCommonHeader(p);
  const PduType type = static_cast<PduType>(ch.type);
  if (PduHeaderLength(ch.type) == 0 || ch.hlen != PduHeaderLength(ch.type)) return false;
  if (!FlagsPlausible(type, ch.flags)) return false;
  const bool digest = header_digest_ && HasDigests(type);
  *layout = PduLayout();
  layout->header_size = ch.hlen + (digest ? kDigestSize : 0);
  layout->pdu_size = ch.plen;
  layout->data_at = layout->header_size;
  return LengthsPlausible(ch, layout->header_size);
}

bool PduFormat::ParseHeader(const uint8_t* p, PduLayout* layout) const {
  const PduCommonHeader ch = LoadCommonHeader(p);
  if (layout->header_size > ch.hlen && Crc32c(0, ByteSpan(p, ch.hlen)) != LoadLe32(p + ch.hlen)) {
    return false;
  }
  if (static_cast<PduType>(ch.type) != PduType::kC2HData) return true;
  DataPduLayout psh;
  std::memcpy(&psh, p, sizeof(psh));
  // A PDU without data may have a digest, of nothing (nvme-tcp takes one), or not.
  const uint32_t digest = data_digest_ ? kDigestSize : 0;
  const bool empty =
      psh.datal == 0 && (ch.plen == layout->header_size || ch.plen == layout->header_size + digest);
  layout->data_at = empty ? layout->header_size : ch.pdo;
  layout->data_size = psh.datal;
  layout->digest_size = empty ? ch.plen - layout->header_size : digest;
  layout->ccid = psh.cccid;
  layout->data_offset = DDPSIM_MUTANT(kFormatDataOffsetIgnored) ? 0 : psh.datao;
  return uint64_t{layout->data_at} + layout->data_size + layout->digest_size == ch.plen;
}

}  // namespace ddpsim
