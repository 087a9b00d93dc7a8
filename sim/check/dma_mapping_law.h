// The device writes application memory only through a live mapping (from setup until teardown is
// done), only inside of it, and no byte of a mapping twice; and a receive CQE names the ccid, the
// offset and the count of just those bytes that were placed before it. Memory that is not an I/O
// buffer belongs to the driver (rings, RX buffers).
#ifndef DDPSIM_SIM_CHECK_DMA_MAPPING_LAW_H_
#define DDPSIM_SIM_CHECK_DMA_MAPPING_LAW_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/types/span.h"
#include "ddpsim/base/bytes.h"
#include "ddpsim/base/ids.h"
#include "ddpsim/hw/cqe.h"
#include "ddpsim/net/ulp_ddp.h"
#include "sim/check/law.h"
#include "sim/check/ownership_law.h"

namespace ddpsim {

class DmaMappingLaw : public Law {
 public:
  DmaMappingLaw() : Law("dma_inside_live_mapping") {}

  // [begin, end): the application's buffers with their canaries; every device write there is
  // checked. May be called for several ranges; what lies between them is the driver's.
  void AddApplicationMemory(PhysAddr begin, PhysAddr end);
  void OnSetup(uint32_t queue, Ccid ccid, absl::Span<const SglEntry> sgl, SimTime now);
  void OnTeardownDone(uint32_t queue, Ccid ccid, SimTime now);
  void OnDmaWrite(PhysAddr addr, uint32_t size, SimTime now);
  // What the device sends off, in the order in which it does: data, and CQEs behind their data.
  void OnDataPosted(PhysAddr addr, uint32_t size);
  void OnCqePosted(ByteSpan cqe, SimTime now);
  // Bytes placed through mappings over the whole run.
  uint64_t placed_bytes() const { return placed_bytes_; }
  // The mapping that the last write to application memory went through.
  MappingSerial last_written() const { return last_written_; }
  // The writes since the last EndPlacement() are one frame's placement. By their numbers, the
  // violations that were told of bytes that had been placed before.
  const std::vector<uint64_t>& rewrites() const { return rewrites_; }
  // The bytes that it added were not the mapping's own (ownership_law.h says so): those may come.
  void DisownPlacement();
  void EndPlacement();
  // The live mapping of that ccid.
  MappingSerial SerialOf(uint32_t queue, Ccid ccid) const;
  bool IsApplicationMemory(PhysAddr addr) const { return Touches(addr, 1); }

 private:
  // One contiguous piece of a mapping and which of its bytes were written, as sorted disjoint
  // intervals.
  struct Piece {
    PhysAddr begin;
    PhysAddr end;
    uint64_t owner;
    MappingSerial serial;
    uint64_t offset;  // of its first byte in the owner's buffer
    std::vector<std::pair<PhysAddr, PhysAddr>> written;
  };
  bool Touches(PhysAddr addr, uint64_t size) const;
  struct Mapping {
    MappingSerial serial = 0;
    std::vector<PhysAddr> pieces;
  };
  void AddPiece(uint64_t owner, Mapping* mapping, const SglEntry& entry, uint64_t offset,
                SimTime now);
  // The live piece that holds all of [begin, end), null if there is none.
  Piece* Find(PhysAddr begin, PhysAddr end);
  void CheckReported(const CqeNvmeotcp& part, bool zc, SimTime now);
  static void RemoveWritten(Piece* piece, PhysAddr begin, PhysAddr end);
  // Adds [begin, end) to the piece; false when some byte was there already.
  static bool AddWritten(Piece* piece, PhysAddr begin, PhysAddr end);

  std::vector<std::pair<PhysAddr, PhysAddr>> application_;  // few: one per host or job
  absl::btree_map<PhysAddr, Piece> live_;                   // by start address
  Piece* found_ = nullptr;  // the last that was; packets come in runs of one request
  uint64_t placed_bytes_ = 0;
  std::vector<SglEntry> added_;       // by this placement, where no byte was before
  std::vector<uint64_t> rewrites_;    // numbers of violations by this placement
  std::vector<SglEntry> unreported_;  // written to the application since the last receive CQE
  absl::btree_map<uint64_t, Mapping> pieces_of_;
  MappingSerial setups_ = 0;
  MappingSerial last_written_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_DMA_MAPPING_LAW_H_
