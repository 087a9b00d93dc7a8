// Watches the target's side of writes and tells the law what it saw, under the host's name of each
// connection: its port.
#ifndef DDPSIM_SIM_SYSTEM_WRITE_WATCH_H_
#define DDPSIM_SIM_SYSTEM_WRITE_WATCH_H_

#include "models/nvme_target/target_host.h"
#include "sim/check/storage_law.h"

namespace ddpsim {

class WriteWatch final : public TargetObserver {
 public:
  // `law` outlives the watch.
  explicit WriteWatch(StorageLaw* law) : law_(law) {}
  // Whom it watches, before anything happens there.
  void SetTarget(const TargetHost* target) { target_ = target; }

  void OnR2T(uint32_t connection, Cid cid, uint32_t offset, uint32_t bytes, SimTime now) override {
    law_->OnR2T(Port(connection), cid, {offset, bytes}, now);
  }
  void OnDataWritten(uint32_t connection, Cid cid, uint32_t offset, uint32_t bytes,
                     SimTime now) override {
    law_->OnData(Port(connection), cid, {offset, bytes}, now);
  }
  void OnWriteStored(uint32_t connection, Cid cid, const WriteStored& stored,
                     SimTime now) override {
    law_->OnStored(Port(connection), cid,
                   {stored.offset, stored.bytes, stored.wrong_bytes, stored.first_wrong}, now);
  }
  void OnRefused(uint32_t connection, Refusal why, SimTime now) override {
    // A connection may end at any time: what it leaves undone nobody refused.
    if (why != Refusal::kAborted) law_->OnRefused(Port(connection), why, now);
  }

 private:
  uint16_t Port(uint32_t connection) const {
    return target_->connection(connection).setup().peer_port;
  }

  StorageLaw* law_;
  const TargetHost* target_ = nullptr;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_SYSTEM_WRITE_WATCH_H_
