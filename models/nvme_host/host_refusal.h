// Why nvme-tcp ends a connection: what nvme_tcp_init_connection() and nvme_tcp_recv_skb() of Linux
// 6.1 check, in the kernel's words. Left out: error numbers, which nobody reads but the log.
// Invariant: plain data, written where a check fails; text is made only when somebody asks.
#ifndef DDPSIM_MODELS_NVME_HOST_HOST_REFUSAL_H_
#define DDPSIM_MODELS_NVME_HOST_HOST_REFUSAL_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "ddpsim/base/ids.h"

namespace ddpsim {

enum class HostRefusalKind : uint8_t {
  kNone,
  // nvme_tcp_init_connection(), in its order
  kIcRespType,
  kIcRespLength,
  kIcRespVersion,
  kIcRespDataDigest,
  kIcRespHeaderDigest,
  kIcRespCpda,
  kIcRespMaxH2CData,
  // nvme_tcp_recv_pdu()
  kUnsupportedType,
  kHeaderLength,
  kTermReq,
  kMalformedTermReq,
  kHeaderDigestFlag,
  kHeaderDigest,
  kDataDigestFlag,
  // nvme_find_rq()
  kUnknownCommand,
  kGeneration,
  // nvme_tcp_handle_c2h_data(), nvme_tcp_recv_data()
  kDataForWrite,
  kDataUnexpected,
  kSuccessNotLast,
  kNoSpace,
  // nvme_tcp_data_in_short()
  kShortData,
  // nvme_tcp_handle_r2t()
  kR2TForRead,
  kR2TEmpty,
  kR2TTooLong,
  kR2TBackwards,
  // Where Linux checks nothing and its send list would come to harm.
  kR2TWhileSending,
  kAnsweredWhileSending,
};
inline constexpr size_t kHostRefusalKinds = 28;

struct HostRefusal {
  HostRefusalKind kind = HostRefusalKind::kNone;
  uint8_t pdu_type = 0;
  Cid cid = 0;
  // By kind: found and wanted, or FES and FEI.
  uint32_t found = 0;
  uint32_t wanted = 0;

  bool ok() const { return kind == HostRefusalKind::kNone; }
};

// A name for counts: "r2t_empty".
const char* HostRefusalName(HostRefusalKind kind);
// "r2t of cid 0x2: length is 0".
std::string HostRefusalText(const HostRefusal& refusal);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_HOST_REFUSAL_H_
