// What all queues of a target share, owned by TargetHost. `QueueIdentity` is what one queue has
// become by ICReq and Connect (parts of nvmet_tcp_queue and nvmet_sq).
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_PARTS_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_PARTS_H_

#include <cstdint>

#include "ddpsim/net/content.h"
#include "ddpsim/wire/nvme_tcp_pdu.h"
#include "models/nvme_target/data_buffer.h"
#include "models/nvme_target/pdu_slab.h"
#include "models/nvme_target/target_backend.h"
#include "models/nvme_target/target_config.h"
#include "models/nvme_target/target_controller.h"
#include "models/nvme_target/target_habits.h"
#include "models/nvme_target/target_observer.h"

namespace ddpsim {

struct TargetParts {
  TargetParts(const TargetConfig& c, const Content* bytes, Calendar* calendar,
              TargetObserver* watcher)
      : config(c),
        habits(HabitsOf(c.kind)),
        content(bytes),
        observer(watcher),
        backend(c.latency, c.seed, calendar),
        subsystem(&config, calendar) {}

  const TargetConfig config;
  const TargetHabits& habits;
  const Content* content;
  TargetObserver* observer;  // null: nobody watches
  DataBufferPool data;
  PduSlabs slabs;
  TargetBackend backend;
  TargetSubsystem subsystem;
  TargetStats stats;
};

struct QueueIdentity {
  uint32_t connection = 0;
  PduFraming receive;  // of PDUs from the host
  PduFraming send;
  uint16_t qid = 0;
  uint16_t size = 0;  // entries; 0: not connected
  uint16_t sq_head = 0;
  bool sqflow_disabled = false;  // the host asked for it in Connect
  TargetController* controller = nullptr;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_PARTS_H_
