// An NVMe controller of the target and the subsystem that makes them: properties, Identify data,
// which queues belong together (struct nvmet_ctrl, struct nvmet_subsys; Linux 6.1
// drivers/nvme/target/core.c, admin-cmd.c). Left out: hosts' access lists, discovery, ANA,
// passthrough, reservations. Invariants: a controller lives until its last queue
// is gone; queue 0 made it; a queue id is taken once; without a sign of life for KATO (nvmet: for
// up to twice that, as any command puts it off) it is failed, and its connections end.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_CONTROLLER_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_CONTROLLER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/btree_map.h"
#include "ddpsim/base/calendar.h"
#include "ddpsim/base/jiffies.h"
#include "ddpsim/wire/nvme.h"
#include "ddpsim/wire/nvme_identify.h"
#include "models/nvme_target/target_config.h"

namespace ddpsim {

class TargetQueue;

inline constexpr uint16_t kTargetMaxQueueSize = 1024;  // NVMET_QUEUE_SIZE
inline constexpr uint32_t kTargetAsyncEvents = 4;      // NVMET_ASYNC_EVENTS
inline constexpr uint32_t kTargetBlock = 512;
inline constexpr uint32_t kTargetVersion = 0x00010300;  // NVMET_DEFAULT_VS, 1.3.0
inline constexpr uint32_t kTargetMaxTransfer =
    0x400000;  // nvmet_tcp_map_data(): NVMET_TCP_MAXH2CDATA

class TargetController final : private Wakeable {
 public:
  TargetController(uint16_t cntlid, const TargetConfig* config, Calendar* calendar)
      : cntlid_(cntlid),
        config_(config),
        habits_(HabitsOf(config->kind)),
        ticks_(config->tcp.hz),
        keep_alive_timer_(calendar, this) {}

  uint16_t cntlid() const { return cntlid_; }
  uint64_t cap() const;
  uint32_t cc() const { return cc_; }
  uint32_t csts() const { return csts_; }
  // nvmet_update_cc(): enabling, disabling and shutting down take no time.
  void WriteCc(uint32_t cc);
  void set_subsystem_nqn(const char* nqn);

  void FillIdentify(IdentifyControllerData* data) const;
  void FillNamespace(IdentifyNamespaceData* data) const;
  // Set Features, Number of Queues.
  uint32_t GrantedQueues() const;

  // False: no room, the queue id is taken.
  bool AddQueue(uint16_t qid, TargetQueue* queue);
  void RemoveQueue(uint16_t qid) {
    queues_.erase(qid);
    traffic_ = true;  // nvmet_sq_destroy(): the host may be busy with its teardown
  }
  bool has_queues() const { return !queues_.empty(); }
  // nvmet_ctrl_fatal_error(): CSTS.CFS; returns the queues whose connections must be shut down.
  std::vector<TargetQueue*> Fail();

  // nvmet_start_keep_alive_timer(): `kato_ms` as Connect brought it; 0: no keep-alive.
  void StartKeepAlive(uint32_t kato_ms, SimTime now);
  // Keep Alive was received, or CC.EN set: the timer begins anew.
  void RestartKeepAlive(SimTime now);
  // CC.EN went from 0 to 1 (nvmet_start_ctrl()).
  bool TakeEnabled() { return std::exchange(just_enabled_, false); }
  // A command that is no nonsense was received.
  void OnCommand() { traffic_ = true; }

  bool TakeAsyncEvent() { return async_events_ < kTargetAsyncEvents && ++async_events_ > 0; }

 private:
  void Disable();
  void OnDeadline(SimTime now) override;  // nvmet_keep_alive_timer()

  uint16_t cntlid_;
  const TargetConfig* config_;
  const TargetHabits& habits_;
  uint32_t cc_ = 0;
  uint32_t csts_ = 0;
  uint32_t async_events_ = 0;  // parked for good: nothing ever happens to tell of
  Jiffies ticks_;
  SimTime kato_;          // zero: none
  bool traffic_ = false;  // reset_tbkas
  bool just_enabled_ = false;
  Deadline keep_alive_timer_;
  char subnqn_[256] = {};
  absl::btree_map<uint16_t, TargetQueue*> queues_;
};

class TargetSubsystem {
 public:
  TargetSubsystem(const TargetConfig* config, Calendar* calendar)
      : config_(config), calendar_(calendar) {}

  TargetController* Create();
  TargetController* Find(uint16_t cntlid);
  void Destroy(uint16_t cntlid) { controllers_.erase(cntlid); }

 private:
  const TargetConfig* config_;
  Calendar* calendar_;
  uint16_t next_cntlid_ = 1;  // NVMET_MIN_CNTLID
  absl::btree_map<uint16_t, std::unique_ptr<TargetController>> controllers_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_CONTROLLER_H_
