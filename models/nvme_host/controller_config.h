// What `nvme connect` is told, what the controller answered, and what the block layer makes of
// both.
#ifndef DDPSIM_MODELS_NVME_HOST_CONTROLLER_CONFIG_H_
#define DDPSIM_MODELS_NVME_HOST_CONTROLLER_CONFIG_H_

#include <algorithm>
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
  uint32_t max_reconnects = 60;                // MaxReconnects() of the defaults
  uint32_t max_retries = 5;                    // nvme_max_retries
  SimTime io_timeout = SimTime::Sec(30);       // nvme_io_timeout
  SimTime keep_alive = SimTime::Sec(5);        // NVME_DEFAULT_KATO; zero: none
  int64_t hz = 250;                            // CONFIG_HZ
  DdpSettings ddp;
};

// nvmf_parse_options(): how many reconnects fail before a controller that is lost for
// `ctrl_loss_tmo` is removed. Linux counts both in whole seconds: a shorter delay counts as one.
inline uint32_t MaxReconnects(SimTime ctrl_loss_tmo, SimTime reconnect_delay) {
  const SimTime delay = std::max(reconnect_delay, SimTime::Sec(1));
  return static_cast<uint32_t>((ctrl_loss_tmo + delay - SimTime::Ps(1)) / delay);
}

// struct queue_limits and the namespace, as the block layer sees them.
struct BlockLimits {
  // Without a transport's limit: BLK_DEF_MAX_SECTORS 2560.
  uint32_t max_bytes = 2560 * 512;
  uint32_t max_segments = 0xffff;
  uint32_t logical_block = 512;
  uint64_t capacity = 0;  // bytes
  uint32_t max_retries = 5;
  bool dying = false;  // QUEUE_FLAG_DYING: the device is gone, all I/O fails
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_CONTROLLER_CONFIG_H_
