// What changed in the driver from revision to revision of the series "nvme-tcp receive offloads"
// (v1, December 2020, to v30, July 2025), as a struct of behaviours. The table in the .cc names the
// revision that brought each. Left out: what only moved code, the transmit offload of v5, and that
// the channel's NAPI polled the ICOSQs before v6.
#ifndef DDPSIM_MODELS_KERNEL_DRIVER_VERSION_H_
#define DDPSIM_MODELS_KERNEL_DRIVER_VERSION_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace ddpsim {

struct DriverVersion {
  int64_t number = 30;
  uint32_t max_queues = 4000;         // MAX_NUM_NVMEOTCP_QUEUES
  uint32_t io_threshold = 32 * 1024;  // limits.io_threshold
  int64_t sk_add_timeout_ms = 3000;   // how long sk_add waits for SET_PSV's CQE
  // flag stays armed until a CQE with the crc bit came (and was masked)
  bool after_resync_until_crc_valid = true;
  bool gro_shared_bit = false;      // one skb bit told placement and digest: GRO split on either
  bool coalesce_checks_crc = true;  // tcp_try_coalesce() compares ulp_crc
  bool setup_requests_cqe = false;  // a CQE for each setup UMR, ignored by the driver
  bool setup_checks_room = false;   // -ENOSPC when the ICOSQ is full; teardown is then lost as well
  // refuses SGLs that could exceed MAX_SKB_FRAGS; else such packets are dropped
  bool validates_sgl = true;
  bool hddgst_en_set = true;  // tells the hardware about header digests
  // tells the mappings of one ccid apart (ccid_gen); no version of the series is without
  bool ccid_gen = true;
  // What-if: a CQE behind the cursor starts the SGL anew, and one beyond the SGL leaves its skb
  // alone. No version of the series does: a CQE does not tell which mapping of its ccid it is of,
  // so one that is polled behind the next setup moves the new mapping's cursor.
  bool sgl_cursor_restarts = false;
  bool dgst_is_bool = false;  // `bool dgst`: a header digest alone also set ddgst_en
};

// "v1" .. "v30".
std::optional<DriverVersion> ParseDriverVersion(absl::string_view text);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_KERNEL_DRIVER_VERSION_H_
