// What `nvme connect` is told, what the controller answered, and what the block layer makes of
// both.
#ifndef DDPSIM_MODELS_NVME_HOST_CONTROLLER_CONFIG_H_
#define DDPSIM_MODELS_NVME_HOST_CONTROLLER_CONFIG_H_

#include <cstdint>

#include "ddpsim/base/sim_time.h"
#include "models/nvme_host/queue_config.h"

namespace ddpsim {

struct NvmeHostConfig {
  uint32_t queues = 1;
  uint32_t queue_size = 128;  // NVMF_DEF_QUEUE_SIZE
  bool header_digest = false;
  bool data_digest = true;
  bool disable_sqflow = false;
  SimTime reconnect_delay = SimTime::Sec(10);  // NVMF_DEF_RECONNECT_DELAY
  uint32_t max_reconnects = 60;                // NVMF_DEF_CTRL_LOSS_TMO 600 s / 10 s
  uint32_t max_retries = 5;                    // nvme_max_retries
  SimTime io_timeout = SimTime::Sec(30);       // nvme_io_timeout
  SimTime keep_alive = SimTime::Sec(5);        // NVME_DEFAULT_KATO
  DdpSettings ddp;
};

// struct queue_limits and the namespace, as the block layer sees them.
struct BlockLimits {
  // Without a transport's limit: BLK_DEF_MAX_SECTORS 2560.
  uint32_t max_bytes = 2560 * 512;
  uint32_t max_segments = 0xffff;
  uint32_t logical_block = 512;
  uint64_t capacity = 0;  // bytes
  uint32_t max_retries = 5;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_CONTROLLER_CONFIG_H_
