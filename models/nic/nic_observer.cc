#include "ddpsim/hw/nic_observer.h"

namespace ddpsim {

const char* NotPlacedReasonName(NotPlacedReason reason) {
  switch (reason) {
    case NotPlacedReason::kNotOffloadedQueue:
      return "not_offloaded_queue";
    case NotPlacedReason::kPlacementOff:
      return "placement_off";
    case NotPlacedReason::kBadChecksum:
      return "bad_checksum";
    case NotPlacedReason::kRetransmission:
      return "retransmission";
    case NotPlacedReason::kDataGap:
      return "data_gap";
    case NotPlacedReason::kReanchor:
      return "reanchor";
    case NotPlacedReason::kSearching:
      return "searching";
    case NotPlacedReason::kTracking:
      return "tracking";
    case NotPlacedReason::kOnePerPacket:
      return "one_per_packet";
    case NotPlacedReason::kNotMapped:
      return "not_mapped";
    case NotPlacedReason::kOutOfBounds:
      return "out_of_bounds";
    case NotPlacedReason::kNotData:
      return "not_data";
  }
  return "";
}

}  // namespace ddpsim
