// Why a record of a capture is no packet of ours.
#ifndef DDPSIM_MODELS_CAPTURE_PACKET_SKIP_H_
#define DDPSIM_MODELS_CAPTURE_PACKET_SKIP_H_

#include <cstdint>

namespace ddpsim {

enum class PacketSkip : uint8_t {
  kNone,
  kNotEthernet,  // nor any other link type that is read
  kNotIp,
  kNotTcp,
  kOtherPort,
  kFragment,
  kCutBySnaplen,
  kMalformed,           // a length does not fit, or a header contradicts itself
  kTooManyConnections,  // more than are followed
  kDuplicateCopy,       // an earlier record is the same packet, seen elsewhere or mirrored twice
  // Encapsulations that are named, not read.
  kGre,
  kIpInIp,
  kGeneve,
  kIpsec,
  kMpls,
  kPppoe,         // a session's PPP frame
  kManyVlanTags,  // more than are read
};
inline constexpr int kPacketSkips = 17;
// As in results: "cut_by_snaplen".
const char* PacketSkipName(PacketSkip skip);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_CAPTURE_PACKET_SKIP_H_
