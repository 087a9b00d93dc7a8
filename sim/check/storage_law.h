// Every write that the host is told is done was stored by the target: the bytes that the host asked
// for, at the place that it asked for, all of them and once. The host's side says what was asked,
// attempt by attempt; the target's side says what came, was stored and was refused, after its
// digests and before its answer. Both name an attempt by the host's port and the command's CID.
// Where bytes may be altered under a right checksum (`ExpectRefusals()`) a refusal is no violation,
// and neither is an R2T or a PDU that belongs to an altered command; what is stored is judged all
// the same. An I/O that ended with an error may still be on its way: nvme_cancel_tagset() ends it
// before the socket is closed, and TCP and NIC send from its pages (sendpage) what its application
// writes there meanwhile. Of an attempt whose data had not all arrived by then wrong bytes are
// counted and not judged, nor is a data digest that no longer fits them.
#ifndef DDPSIM_SIM_CHECK_STORAGE_LAW_H_
#define DDPSIM_SIM_CHECK_STORAGE_LAW_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "ddpsim/base/ids.h"
#include "models/nvme_target/target_observer.h"
#include "sim/check/law.h"

namespace ddpsim {

// A piece of a write: where it belongs in the command, how much it is.
struct WritePiece {
  uint32_t at = 0;
  uint32_t bytes = 0;
};

// What a write's execution puts on the disk.
struct StoredRange {
  uint64_t offset = 0;
  uint32_t bytes = 0;
  uint32_t wrong_bytes = 0;  // not what the content says for their place
  uint64_t first_wrong = 0;  // on the disk
};

class StorageLaw : public Law {
 public:
  StorageLaw() : Law("stored_bytes_right") {}

  // The scenario asks for corruption that nothing can catch and says so: counted, no violation.
  void ExpectCorruption() { corruption_expected_ = true; }
  void ExpectRefusals() { altered_ = true; }

  // Host: one attempt of a write, from its queueing until it goes back to its owner.
  void OnWriteStart(uint16_t port, Cid cid, uint64_t offset, uint32_t bytes, SimTime now);
  // Reads end here, too.
  void OnRequestEnd(uint16_t port, Cid cid, uint64_t io, bool ok, SimTime now);
  // The I/O's buffer is its application's again.
  void OnIoEnd(uint64_t io, bool ok);
  // Target: data asked for, data accepted, data handed to the disk, anything refused.
  void OnR2T(uint16_t port, Cid cid, WritePiece piece, SimTime now);
  void OnData(uint16_t port, Cid cid, WritePiece piece, SimTime now);
  void OnStored(uint16_t port, Cid cid, const StoredRange& range, SimTime now);
  void OnRefused(uint16_t port, Refusal why, SimTime now);

  // Bytes that the target compared as it accepted them.
  uint64_t bytes_checked() const { return bytes_checked_; }
  // Bytes stored wrong or in a place that was not asked for, and those that the host takes for
  // stored but are not.
  uint64_t wrong_bytes() const { return wrong_bytes_; }
  // Wrong bytes stored of writes that the host had given up before.
  uint64_t stale_bytes() const { return stale_bytes_; }

 private:
  struct Attempt {
    uint64_t offset = 0;
    uint32_t bytes = 0;
    uint32_t asked = 0;   // by R2Ts
    uint32_t taken = 0;   // in accepted PDUs
    uint32_t stores = 0;  // executions
    bool open = true;     // the host has not ended it
    bool misplaced = false;
    bool buffer_reused = false;  // its I/O ended with an error before its data was there
  };
  static uint32_t Key(uint16_t port, Cid cid) { return uint32_t{port} << 16 | cid; }
  // Null: the host has never asked for it.
  Attempt* Find(uint16_t port, Cid cid);
  // Wrong data: a violation unless the scenario foresees it.
  void ViolateData(SimTime now, const std::string& what);
  // The protocol broken: a violation unless PDUs are altered on the way.
  void ViolateProtocol(SimTime now, const std::string& what);

  // The last attempt of each name: data may come after its end. Looked up, never iterated.
  absl::flat_hash_map<uint32_t, Attempt> attempts_;
  bool corruption_expected_ = false;
  bool altered_ = false;
  // By I/O, until it ends: attempts that ended with an error. Looked up, never iterated.
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> failed_;
  absl::flat_hash_set<uint16_t> reusing_ports_;  // of attempts whose buffer was reused
  uint64_t bytes_checked_ = 0;
  uint64_t wrong_bytes_ = 0;
  uint64_t stale_bytes_ = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_STORAGE_LAW_H_
