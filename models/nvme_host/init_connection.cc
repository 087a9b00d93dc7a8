#include "models/nvme_host/init_connection.h"

namespace ddpsim {
namespace {

constexpr uint32_t kMinMaxH2CData = 4096;  // NVME_TCP_MIN_MAXH2CDATA
constexpr uint16_t kPfv10 = 0;             // NVME_TCP_PFV_1_0
constexpr uint8_t kHeaderDigest = 1;       // NVME_TCP_HDR_DIGEST_ENABLE
constexpr uint8_t kDataDigest = 2;         // NVME_TCP_DATA_DIGEST_ENABLE

}  // namespace

HostRefusal CheckIcResp(const IcRespLayout& resp, const QueueConfig& config) {
  const auto refuse = [&resp](HostRefusalKind kind, uint32_t found, uint32_t wanted) {
    return HostRefusal{kind, resp.ch.type, 0, found, wanted};
  };
  if (resp.ch.type != static_cast<uint8_t>(PduType::kIcResp))
    return refuse(HostRefusalKind::kIcRespType, resp.ch.type, 1);
  if (resp.ch.plen != sizeof(resp))
    return refuse(HostRefusalKind::kIcRespLength, resp.ch.plen, sizeof(resp));
  if (resp.pfv != kPfv10) return refuse(HostRefusalKind::kIcRespVersion, resp.pfv, kPfv10);
  const bool data_digest = (resp.dgst & kDataDigest) != 0;
  if (!config.any_digests && data_digest != config.data_digest)
    return refuse(HostRefusalKind::kIcRespDataDigest, data_digest, config.data_digest);
  const bool header_digest = (resp.dgst & kHeaderDigest) != 0;
  if (!config.any_digests && header_digest != config.header_digest)
    return refuse(HostRefusalKind::kIcRespHeaderDigest, header_digest, config.header_digest);
  if (resp.cpda != 0) return refuse(HostRefusalKind::kIcRespCpda, resp.cpda, 0);
  if (resp.maxh2cdata % 4 != 0 || resp.maxh2cdata < kMinMaxH2CData)
    return refuse(HostRefusalKind::kIcRespMaxH2CData, resp.maxh2cdata, kMinMaxH2CData);
  return {};
}

}  // namespace ddpsim
