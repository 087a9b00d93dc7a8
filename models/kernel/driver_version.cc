#include "models/kernel/driver_version.h"

#include "absl/strings/ascii.h"

namespace ddpsim {

std::optional<DriverVersion> ParseDriverVersion(absl::string_view text) {
  int64_t n = 0;
  if (text.size() < 2 || text.size() > 3 || text[0] != 'v' || text[1] == '0') return std::nullopt;
  for (char c : text.substr(1)) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return std::nullopt;
    n = n * 10 + (c - '0');
  }
  if (n > 30) return std::nullopt;
  DriverVersion v;
  v.number = n;
  // v6 (October 2022) is the first that ran on a ConnectX-7: most lessons came with it.
  const bool before_v6 = n < 6;
  v.max_queues = before_v6 ? 512 : 4000;  // v1 12/15: IDA 1..512; v6: MAX_NUM_NVMEOTCP_QUEUES 4000
  v.io_threshold = before_v6 ? 0 : 32 * 1024;   // v6: IO_THRESHOLD
  v.sk_add_timeout_ms = before_v6 ? 0 : 3000;   // v1 12/15: wait_for_completion_timeout(.., 0)
  v.after_resync_until_crc_valid = !before_v6;  // v1 15/15 against v6
  v.gro_shared_bit = before_v6;                 // v6: two bits (netdev 0x16, October 2022)
  v.coalesce_checks_crc = n >= 10;              // v10, after Paolo Abeni's review of v9
  v.setup_requests_cqe = before_v6;             // v6: no completion for setup UMRs (netdev 0x16)
  v.setup_checks_room = before_v6;  // v1 12/15; v6 sizes the ring for the worst case of setups
  v.validates_sgl = !before_v6;     // v6: mlx5e_nvmeotcp_validate_sgl()
  v.hddgst_en_set = !before_v6;     // v1-v5 wrote hddgst_en = 0
  v.dgst_is_bool = before_v6;       // v6: int dgst
  return v;
}

}  // namespace ddpsim
