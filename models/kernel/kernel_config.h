// Settings of one host's kernel: cores, device, TCP, and the two ends of its connections.
#ifndef DDPSIM_MODELS_KERNEL_KERNEL_CONFIG_H_
#define DDPSIM_MODELS_KERNEL_KERNEL_CONFIG_H_

#include <cstdint>
#include <optional>

#include "ddpsim/wire/ip.h"
#include "models/kernel/cpu_config.h"
#include "models/kernel/net_device_config.h"
#include "models/tcp/config.h"

namespace ddpsim {

struct KernelConfig {
  CpuConfig cpu;
  NetDeviceConfig device;
  TcpConfig tcp;              // mtu follows device.mtu
  EthIpAddresses addresses;   // of what this host sends: source is local, destination the target
  uint16_t peer_port = 4420;  // IANA: nvme
  uint16_t first_local_port = 40000;
  uint64_t seed = 1;  // of initial sequence numbers
  // In place of the driver version's own limits.
  std::optional<uint32_t> io_threshold;
  std::optional<uint32_t> max_queues;
  bool ccid_gen = true;              // false: the driver never counts the mappings of a ccid
  bool sgl_cursor_restarts = false;  // DriverVersion
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_KERNEL_CONFIG_H_
