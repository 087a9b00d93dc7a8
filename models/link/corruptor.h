// One flipped bit in a copy of a frame: in its TCP payload, or only in one part of the data PDUs
// that it carries. What a bad cable or a bad switch memory does; with the checksum made right
// again, what a bad middlebox does and only a digest can find. Invariant: the original is never
// altered; the copy differs in one bit (and in the TCP checksum if that is repaired).
#ifndef DDPSIM_MODELS_LINK_CORRUPTOR_H_
#define DDPSIM_MODELS_LINK_CORRUPTOR_H_

#include <vector>

#include "ddpsim/base/rng.h"
#include "ddpsim/wire/frame.h"
#include "ddpsim/wire/ip.h"
#include "models/link/link_faults.h"
#include "models/link/packet_list.h"
#include "models/link/pdu_locator.h"

namespace ddpsim {

class Corruptor {
 public:
  Corruptor(const CorruptFault& fault, uint8_t data_pdu_type, FramePool* pool, Rng rng)
      : fault_(fault), list_(fault.packets), type_(data_pdu_type), pool_(pool), rng_(rng) {}

  // Draws; a copy with a flipped bit, or null when this frame is spared or has no byte of the part
  // asked for. `packet.place` is used only when a PDU part is asked for.
  FramePtr Corrupt(const Frame& frame, const ParsedFrame& parsed, const PacketFacts& packet);

 private:
  // Fills candidates_ with payload ranges that may be hit and returns their bytes.
  uint64_t FindCandidates(const ParsedFrame& parsed, const PduLocator::Place& place);

  CorruptFault fault_;
  PacketList list_;
  uint8_t type_;
  FramePool* pool_;
  Rng rng_;
  std::vector<ByteRange> candidates_;
};

// Computes the TCP checksum of a frame anew. REQUIRES: `parsed` comes from ParseFrame() of these
// bytes.
void RepairTcpChecksum(MutableByteSpan frame, const ParsedFrame& parsed);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_LINK_CORRUPTOR_H_
