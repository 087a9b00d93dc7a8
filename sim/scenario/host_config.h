// The storage host: cores with a cost profile, its TCP, its nvme-tcp initiator and its NIC.
// Mirrors the device under test of ASPLOS'21 (E5-2660 v4, one core, one I/O queue of 1024, socket
// buffers of 256 MiB).
#ifndef DDPSIM_SIM_SCENARIO_HOST_CONFIG_H_
#define DDPSIM_SIM_SCENARIO_HOST_CONFIG_H_

#include <cstdint>
#include <string>

#include "ddpsim/base/fields.h"
#include "sim/scenario/nic_config.h"
#include "sim/scenario/tcp_config.h"

namespace ddpsim::settings {

struct CpuConfig {
  std::string profile = "e5-2660v4";
  int64_t cores = 0;

  template <class V>
  void Describe(V& v) {
    v.String("profile", profile,
             "cost profile: cycles per packet, byte, I/O; names scenarios/profiles/NAME.json");
    v.Integer("cores", cores, {0, 256}, "cores",
              "modelled cores; 0: the test bed's own rule of the profile");
  }
};

// nvme connect's words. Linux: queue_size 16..1024 (NVMF_MIN/MAX_QUEUE_SIZE), reconnect delay 10 s
// (NVMF_DEF_RECONNECT_DELAY), ctrl_loss_tmo 600 s (NVMF_DEF_CTRL_LOSS_TMO), kato 5 s
// (NVME_DEFAULT_KATO), I/O timeout 30 s (nvme_io_timeout), max_retries 5 (nvme_max_retries). Left
// out: ctrl_loss_tmo -1 (never), with which a run need not end.
struct NvmeConfig {
  int64_t queues = 1;
  int64_t queue_size = 128;  // NVMF_DEF_QUEUE_SIZE
  bool header_digest = false;
  bool data_digest = true;
  int64_t reconnect_delay_ms = 10'000;
  int64_t ctrl_loss_tmo = 600;
  int64_t kato = 5;
  int64_t max_retries = 5;
  int64_t io_timeout_ms = 30'000;
  bool ddp_offload = true;

  template <class V>
  void Describe(V& v) {
    v.Integer("queues", queues, {1, 4'096}, "queues",
              "I/O queues, a TCP connection each; not clamped to cores");
    v.Integer("queue_size", queue_size, {16, 1'024}, "entries", "I/O queue size");
    v.Boolean("header_digest", header_digest, "CRC32C over PDU headers");
    v.Boolean("data_digest", data_digest, "CRC32C over PDU data");
    v.Integer("reconnect_delay_ms", reconnect_delay_ms, {1, 600'000}, "ms",
              "wait before a lost controller is reconnected");
    v.Integer(
        "ctrl_loss_tmo", ctrl_loss_tmo, {0, 3'600}, "s",
        "reconnects are tried ctrl_loss_tmo / reconnect delay times (a delay below 1 s counts "
        "as 1 s); then the controller is removed and all I/O fails; 0: at once");
    v.Integer("kato", kato, {0, 3'600}, "s",
              "keep-alive timeout (nvme connect --keep-alive-tmo); 0: no keep-alive");
    v.Integer("max_retries", max_retries, {0, 255}, "", "how often a failed I/O is tried again");
    v.Integer(
        "io_timeout_ms", io_timeout_ms, {1, 86'400'000}, "ms",
        "an I/O that takes longer starts error recovery; looked at as coarsely as Linux does, up "
        "to two seconds late, from 1 s on");
    v.Boolean("ddp_offload", ddp_offload,
              "nvme-tcp's module parameter ddp_offload: off, no queue is offloaded");
  }
};

struct HostConfig {
  CpuConfig cpu;
  HostTcpConfig tcp;
  NvmeConfig nvme;
  NicConfig nic;

  template <class V>
  void Describe(V& v) {
    v.Group("cpu", cpu, "modelled cores and what they spend");
    v.Group("tcp", tcp, "the host's TCP");
    v.Group("nvme", nvme, "the nvme-tcp initiator");
    v.Group("nic", nic, "the NIC and its driver");
  }
};

}  // namespace ddpsim::settings

#endif  // DDPSIM_SIM_SCENARIO_HOST_CONFIG_H_
