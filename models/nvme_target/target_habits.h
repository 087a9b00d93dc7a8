// Where the two targets that people measure with differ on the wire: Linux' nvmet-tcp (6.1
// drivers/nvme/target/tcp.c) and SPDK's nvmf tcp transport (lib/nvmf/tcp.c, v20.10 to v24). One row
// of a table each, so that no code asks for a name. Left out: SPDK's change of May 2026 (SUCCESS
// only when the host gave up SQ flow control), zero-copy.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_HABITS_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_HABITS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "ddpsim/base/fields.h"

namespace ddpsim {

enum class TargetKind : uint8_t { kNvmet, kSpdk };
inline constexpr EnumName<TargetKind> kTargetKindNames[] = {{TargetKind::kNvmet, "nvmet"},
                                                            {TargetKind::kSpdk, "spdk"}};

struct TargetHabits {
  // Defaults of settings.
  uint32_t in_capsule_data;
  uint32_t maxh2cdata;
  uint32_t mdts;  // bytes; 0: no limit
  // Behaviour.
  uint8_t max_pda;       // HPDA that is accepted
  uint32_t send_page;    // what one piece of data is, in price
  uint32_t recv_budget;  // operations before the other direction has its turn
  uint32_t send_budget;
  uint32_t work_budget;    // operations before the worker yields
  bool gather;             // a batch of PDUs is one writev(): no time passes between its pieces
  bool end_of_record;      // MSG_EOR on a data digest that ends a batch
  bool always_success;     // SUCCESS flag whatever the host asked for
  bool sends_term_req;     // else a fatal error just closes the connections
  bool reads_by_sgl;       // headers as nvmet_pdu.h has it; else as the specification has it
  bool checks_cccid;       // of an H2CData; else its TTAG alone says whose data it is
  bool data_digest_fatal;  // else the command ends with a transient transport error
  // Keep-alive.
  bool traffic_keeps_alive;  // CTRATT.TBKAS: any command counts as a keep-alive
  uint16_t kas;              // in 100 ms
  uint32_t kato_unit_ms;     // KATO is rounded up to it
  bool no_linger;            // sock_no_linger(): a connection that failed ends with RST
};

const TargetHabits& HabitsOf(TargetKind kind);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_HABITS_H_
