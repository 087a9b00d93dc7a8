// What nvme_tcp_init_connection() of Linux 6.1 makes of an ICResp: the checks, in their order.
// HLEN, flags and PDO are not looked at, there as here. Left out: that recvmsg() may return a part.
#ifndef DDPSIM_MODELS_NVME_HOST_INIT_CONNECTION_H_
#define DDPSIM_MODELS_NVME_HOST_INIT_CONNECTION_H_

#include "ddpsim/wire/nvme_tcp_layout.h"
#include "models/nvme_host/queue_config.h"

namespace ddpsim {

// `config`: what the host asked for.
HostRefusal CheckIcResp(const IcRespLayout& resp, const QueueConfig& config);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_HOST_INIT_CONNECTION_H_
