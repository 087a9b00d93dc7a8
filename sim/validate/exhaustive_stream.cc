#include "sim/validate/exhaustive_stream.h"

#include <cstring>

#include "ddpsim/base/endian.h"
#include "ddpsim/wire/crc32c.h"
#include "ddpsim/wire/nvme_tcp_layout.h"

namespace ddpsim {
namespace {

constexpr uint32_t kDataHeader = sizeof(DataPduLayout);

DataPduLayout DataHeader(Ccid ccid, uint32_t offset, uint32_t size) {
  DataPduLayout header{};
  header.ch.type = static_cast<uint8_t>(PduType::kC2HData);
  header.ch.flags = kPduDdgst | kPduLast;
  header.ch.hlen = kDataHeader;
  header.ch.pdo = kDataHeader;
  header.ch.plen = kDataHeader + size + kDigestSize;
  header.cccid = ccid;
  header.datao = offset;
  header.datal = size;
  return header;
}

}  // namespace

ExhaustiveStream::ExhaustiveStream() : first_(0u - 170) {
  AddData(1, 0, 30, false, true);
  AddData(2, 0, 62, true, true);
  AddResp(2);
  AddData(1, 30, 26, false, false);
  AddData(3, 0, 4, false, true);
  AddData(4, 0, 84, true, true);
  AddResp(4);
  AddData(5, 0, 40, false, true);
  // Shorter and longer than a header, none at a multiple of another.
  constexpr uint32_t kSizes[] = {37, 25, 45, 23, 44, 31, 35};
  for (uint32_t at = 0, i = 0; at < size(); at += kSizes[i++ % std::size(kSizes)])
    cuts_.push_back(at);
  cuts_.push_back(size());
}

void ExhaustiveStream::AddData(Ccid ccid, uint32_t offset, uint32_t size, bool fake_headers,
                               bool digest_right) {
  const auto begin = static_cast<uint32_t>(bytes_.size());
  std::vector<uint8_t> data(size, static_cast<uint8_t>(0xa0 + ccid));
  const DataPduLayout fake = DataHeader(1, 4, 2);
  for (uint32_t at = 3; fake_headers && at + kDataHeader + 6 <= size; at += kDataHeader + 6)
    std::memcpy(&data[at], &fake, kDataHeader);
  const DataPduLayout header = DataHeader(ccid, offset, size);
  const auto* raw = reinterpret_cast<const uint8_t*>(&header);
  bytes_.insert(bytes_.end(), raw, raw + kDataHeader);
  bytes_.insert(bytes_.end(), data.begin(), data.end());
  uint8_t digest[kDigestSize];
  StoreLe32(digest, Crc32c(0, data) ^ (digest_right ? 0u : 1u));
  bytes_.insert(bytes_.end(), digest, digest + kDigestSize);
  truth_.resize(bytes_.size());
  for (uint32_t i = 0; i < size; ++i) truth_[begin + kDataHeader + i] = {true, ccid, offset + i};
  pdus_.push_back({begin, static_cast<uint32_t>(bytes_.size()), digest_right});
}

void ExhaustiveStream::AddResp(Cid cid) {
  const auto begin = static_cast<uint32_t>(bytes_.size());
  CapsuleRespLayout resp{};
  resp.ch.type = static_cast<uint8_t>(PduType::kCapsuleResp);
  resp.ch.hlen = sizeof(resp);
  resp.ch.plen = sizeof(resp);
  const auto* raw = reinterpret_cast<const uint8_t*>(&resp);
  bytes_.insert(bytes_.end(), raw, raw + sizeof(resp));
  truth_.resize(bytes_.size());
  pdus_.push_back({begin, static_cast<uint32_t>(bytes_.size()), true});
}

bool ExhaustiveStream::IsPduStart(uint32_t offset) const {
  if (offset == size()) return true;
  for (const Pdu& pdu : pdus_) {
    if (pdu.begin == offset) return true;
  }
  return false;
}

}  // namespace ddpsim
