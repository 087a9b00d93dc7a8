#include "sim/check/storage_law.h"

#include "absl/strings/str_cat.h"

namespace ddpsim {
namespace {

std::string Name(uint16_t port, Cid cid) { return absl::StrCat("port ", port, " cid ", cid, ": "); }

}  // namespace

StorageLaw::Attempt* StorageLaw::Find(uint16_t port, Cid cid) {
  const auto it = attempts_.find(Key(port, cid));
  return it == attempts_.end() ? nullptr : &it->second;
}

void StorageLaw::ViolateData(SimTime now, const std::string& what) {
  if (!corruption_expected_) Violate(now, what);
}

void StorageLaw::ViolateProtocol(SimTime now, const std::string& what) {
  if (!altered_) Violate(now, what);
}

void StorageLaw::OnWriteStart(uint16_t port, Cid cid, uint64_t offset, uint32_t bytes,
                              SimTime now) {
  Attempt& attempt = attempts_[Key(port, cid)];
  attempt = Attempt();
  attempt.offset = offset;
  attempt.bytes = bytes;
}

void StorageLaw::OnRequestEnd(uint16_t port, Cid cid, uint64_t io, bool ok, SimTime now) {
  Attempt* attempt = Find(port, cid);
  if (attempt == nullptr || !attempt->open) return;
  attempt->open = false;
  if (!ok) {
    failed_[io].push_back(Key(port, cid));
    return;
  }
  Looked();
  if (attempt->stores == 1) return;
  // What went to a wrong place has been counted there.
  if (attempt->stores == 0 && !attempt->misplaced) wrong_bytes_ += attempt->bytes;
  ViolateData(
      now, absl::StrCat(Name(port, cid), "the write of ", attempt->bytes,
                        " bytes at device offset ", attempt->offset,
                        " is done for the host, the target stored it ", attempt->stores, " times"));
}

void StorageLaw::OnIoEnd(uint64_t io, bool ok) {
  const auto failed = failed_.find(io);
  if (failed == failed_.end()) return;
  for (uint32_t key : failed->second) {
    Attempt& attempt = attempts_[key];
    if (ok || attempt.open || attempt.taken == attempt.bytes) continue;
    attempt.buffer_reused = true;
    reusing_ports_.insert(static_cast<uint16_t>(key >> 16));
  }
  failed_.erase(failed);
}

void StorageLaw::OnR2T(uint16_t port, Cid cid, WritePiece piece, SimTime now) {
  Attempt* attempt = Find(port, cid);
  if (attempt == nullptr) {
    return ViolateProtocol(now, absl::StrCat(Name(port, cid), "an R2T for no write"));
  }
  const bool right = piece.at == attempt->asked && piece.bytes > 0 &&
                     piece.bytes <= attempt->bytes - attempt->asked;
  if (!right) {
    ViolateProtocol(
        now, absl::StrCat(Name(port, cid), "an R2T for ", piece.bytes, " bytes at ", piece.at,
                          " of a write of ", attempt->bytes, ", ", attempt->asked, " asked for"));
  }
  attempt->asked = piece.at + piece.bytes;
}

void StorageLaw::OnData(uint16_t port, Cid cid, WritePiece piece, SimTime now) {
  bytes_checked_ += piece.bytes;
  Attempt* attempt = Find(port, cid);
  if (attempt == nullptr) {
    return ViolateProtocol(now, absl::StrCat(Name(port, cid), "data for no write"));
  }
  // Nothing asked for: in the capsule, which holds all or nothing.
  const uint32_t asked = attempt->asked == 0 ? attempt->bytes : attempt->asked;
  const bool right = piece.at == attempt->taken && piece.bytes <= asked - attempt->taken &&
                     (attempt->asked != 0 || piece.bytes == attempt->bytes);
  if (!right) {
    ViolateProtocol(
        now, absl::StrCat(Name(port, cid), piece.bytes, " bytes at ", piece.at,
                          " accepted, expected at ", attempt->taken, ", ", asked, " asked for"));
  }
  attempt->taken = piece.at + piece.bytes;
}

void StorageLaw::OnStored(uint16_t port, Cid cid, const StoredRange& range, SimTime now) {
  Looked();
  Attempt* attempt = Find(port, cid);
  const bool in_place =
      attempt != nullptr && range.offset == attempt->offset && range.bytes <= attempt->bytes;
  if (!in_place) {
    wrong_bytes_ += range.bytes;
    if (attempt != nullptr) attempt->misplaced = true;
    ViolateData(now, absl::StrCat(Name(port, cid), range.bytes, " bytes stored at device offset ",
                                  range.offset, ", which the host did not ask for"));
    return;
  }
  ++attempt->stores;
  (attempt->buffer_reused ? stale_bytes_ : wrong_bytes_) += range.wrong_bytes;
  if (range.wrong_bytes != 0 && !attempt->buffer_reused) {
    ViolateData(
        now, absl::StrCat(Name(port, cid), range.wrong_bytes,
                          " wrong bytes stored, the first at device offset ", range.first_wrong));
  }
  if (range.bytes == attempt->bytes) return;
  wrong_bytes_ += attempt->bytes - range.bytes;
  ViolateData(now, absl::StrCat(Name(port, cid), range.bytes, " bytes stored of ", attempt->bytes));
}

void StorageLaw::OnRefused(uint16_t port, Refusal why, SimTime now) {
  if (why == Refusal::kDataDigest && reusing_ports_.contains(port)) return;
  ViolateProtocol(
      now, absl::StrCat("port ", port,
                        ": the target refused what nothing had altered: ", RefusalName(why)));
}

}  // namespace ddpsim
