#include "models/nvme_target/target_habits.h"

namespace ddpsim {
namespace {

constexpr TargetHabits Nvmet() {
  TargetHabits h{};
  h.in_capsule_data = 4 * 4096;  // NVMET_TCP_DEF_INLINE_DATA_SIZE
  h.maxh2cdata = 0x400000;       // NVMET_TCP_MAXH2CDATA
  h.mdts = 0;                    // the TCP transport has no get_mdts
  h.max_pda = 0;                 // nvmet_tcp_handle_icreq() refuses any other HPDA
  h.send_page = 4096;            // sgl_alloc(): order-0 pages, one kernel_sendpage() each
  h.recv_budget = 8;             // NVMET_TCP_RECV_BUDGET
  h.send_budget = 8;             // NVMET_TCP_SEND_BUDGET
  h.work_budget = 64;            // NVMET_TCP_IO_WORK_BUDGET
  h.end_of_record = true;
  h.reads_by_sgl = true;
  h.checks_cccid = false;      // nvmet_tcp_handle_h2c_data_pdu() looks at TTAG only
  h.data_digest_fatal = true;  // nvmet_tcp_try_recv_ddgst() ends in nvmet_tcp_fatal_error()
  h.traffic_keeps_alive = true;
  h.kas = 10;             // NVMET_KAS
  h.kato_unit_ms = 1000;  // nvmet_alloc_ctrl(): DIV_ROUND_UP(kato, 1000)
  h.no_linger = true;     // nvmet_tcp_set_queue_sock()
  return h;
}

constexpr TargetHabits Spdk() {
  TargetHabits h{};
  h.in_capsule_data = 4096;  // SPDK_NVMF_TCP_DEFAULT_IN_CAPSULE_DATA_SIZE
  h.maxh2cdata = 131072;     // = SPDK_NVMF_TCP_DEFAULT_MAX_IO_SIZE
  h.mdts = 131072;           // SPDK_NVMF_TCP_DEFAULT_MAX_IO_SIZE
  h.max_pda = 31;            // SPDK_NVME_TCP_HPDA_MAX, echoed as CPDA
  h.send_page = 131072;      // SPDK_NVMF_TCP_DEFAULT_IO_UNIT_SIZE: one iovec
  h.recv_budget = 32;        // guess: a poll drains what is there
  h.send_budget = 21;        // IOV_BATCH_SIZE 64 at three iovecs per read (header, data, digest)
  h.work_budget = 64;        // guess: pollers do not yield, others have their turn
  h.gather = true;           // sock_flush(): one writev() over all queued PDUs
  h.always_success = true;   // c2h_success defaults to true
  h.checks_cccid = true;     // nvmf_tcp_h2c_data_hdr_handle()
  h.sends_term_req = true;   // nvmf_tcp_send_c2h_term_req()
  h.kas = 100;               // KAS_DEFAULT_VALUE
  h.kato_unit_ms = 10000;    // nvmf_ctrlr_create(): KAS_DEFAULT_VALUE * KAS_TIME_UNIT_IN_MS
  return h;
}

constexpr TargetHabits kHabits[] = {Nvmet(), Spdk()};

}  // namespace

const TargetHabits& HabitsOf(TargetKind kind) { return kHabits[static_cast<int>(kind)]; }

}  // namespace ddpsim
