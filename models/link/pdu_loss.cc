#include "models/link/pdu_loss.h"

#include <algorithm>

namespace ddpsim {

bool PduLoss::Drop(const PacketFacts& packet) {
  if (packet.data_number == 0) return false;
  const uint32_t connection = packet.place.connection;
  if (walks_.size() <= connection) walks_.resize(connection + 1);
  Choose(packet.place, &walks_[connection]);
  return doomed_.Hit(connection, packet.place.bytes);
}

void PduLoss::Choose(const PduLocator::Place& place, Walk* walk) {
  const PduStream& stream = *place.stream;
  if (!walk->started) {  // PDUs that began before faults did are not counted
    walk->started = true;
    walk->next_pdu = stream.FindPdu(place.first_new);
    if (walk->next_pdu < stream.end() && stream.pdu(walk->next_pdu).start < place.first_new) {
      ++walk->next_pdu;
    }
  }
  if (walk->pending) walk->pending = !Doom(place.connection, stream.pdu(walk->next_pdu - 1));
  for (; walk->next_pdu < stream.end(); ++walk->next_pdu) {
    const LocatedPdu& pdu = stream.pdu(walk->next_pdu);
    if (pdu.type() != type_ || ++count_ % every_ != 0) continue;
    walk->pending = !Doom(place.connection, pdu);
  }
}

bool PduLoss::Doom(uint32_t connection, const LocatedPdu& pdu) {
  if (part_ != PduPart::kHeader && pdu.plen() == 0) return false;
  const ByteRange range = pdu.Part(part_);
  const uint64_t at = range.from + offset_;
  if (at < range.to) doomed_.Add({connection, at, at + 1, times_});
  return true;
}

}  // namespace ddpsim
