// One NVMe/TCP queue of the target and its worker (Linux 6.1 struct nvmet_tcp_queue, io_work): a
// turn receives up to a budget of PDUs, then sends up to a budget, round after round while a budget
// was used up, at most work_budget operations; completions that come meanwhile form the next batch.
// Each operation takes the time that WorkerPace says; its effects come at its start. Left out: CPUs
// that queues share, idle polling, TLS. Invariants: the worker is queued at most once; after Die()
// nothing is sent or read, and completions of the disk are thrown away.
#ifndef DDPSIM_MODELS_NVME_TARGET_TARGET_QUEUE_H_
#define DDPSIM_MODELS_NVME_TARGET_TARGET_QUEUE_H_

#include <cstdint>

#include "ddpsim/base/calendar.h"
#include "models/nvme_target/command_executor.h"
#include "models/nvme_target/target_command.h"
#include "models/nvme_target/target_parts.h"
#include "models/nvme_target/target_receive.h"
#include "models/nvme_target/target_send.h"
#include "models/nvme_target/target_stream.h"

namespace ddpsim {

class TargetQueue final : public BackendClient, private Wakeable, private ReceiveEvents {
 public:
  // `connection`: its number, for observers.
  TargetQueue(uint32_t connection, TargetParts* parts, TargetStream* stream, Calendar* calendar);

  // data_ready, write_space: there may be something to do.
  void QueueWork(SimTime now);
  void OnBackendDone(TargetCommand* command, SimTime now) override;
  // The connection is closed or closing (nvmet_tcp_schedule_release_queue()).
  void OnClosed(SimTime now) { Die(now); }
  // Its controller failed (nvmet_tcp_delete_ctrl()).
  void OnControllerFailed(SimTime now);

  const QueueIdentity& identity() const { return id_; }
  bool dead() const { return dead_; }
  // The worker has nothing to do.
  bool quiet() const { return dead_ || work_ == Work::kIdle; }

 private:
  enum class Work : uint8_t { kIdle, kQueued, kReceiving, kSending };

  void OnDeadline(SimTime now) override;
  void Step(SimTime now);
  // One operation; false: none, the phase is over. `*cost`: its time.
  bool ReceiveOne(SimTime now, SimTime* cost);
  bool SendOne(SimTime now, SimTime* cost);
  void EndTurn(SimTime now);

  PduError OnIcReq(const IcReqRepr& request, SimTime now) override;
  uint32_t InCapsuleData(const NvmeSqe& sqe) const override { return executor_.InCapsuleData(sqe); }
  PduError OnCapsule(const CapsuleCmdRepr& capsule, SimTime now,
                     TargetCommand** receiving) override;
  PduError OnH2CData(const H2CDataRepr& pdu, TargetCommand** receiving) override;
  void OnData(TargetCommand* command, uint32_t bytes, SimTime now) override;
  bool OnBadDigest(TargetCommand* command, SimTime now) override;

  void Execute(TargetCommand* command, SimTime now);
  void TellStored(TargetCommand* command, SimTime now);
  void Refuse(Refusal why, SimTime now);
  // Answers a command that was never executed.
  void RefuseCommand(TargetCommand* command, SimTime now);
  // What a command that was executed well says about the host's being alive.
  void NoteAlive(const NvmeSqe& sqe, SimTime now);
  void Complete(TargetCommand* command, SimTime now);
  void Fatal(SimTime now);
  void Die(SimTime now);

  TargetParts* parts_;
  TargetStream* stream_;
  QueueIdentity id_;
  CommandPool pool_;
  CommandExecutor executor_;
  TargetReceive receive_;
  TargetSend send_;
  Deadline work_timer_;
  Work work_ = Work::kIdle;
  bool again_ = false;    // queued while at work
  bool pending_ = false;  // a budget was used up this round
  bool dead_ = false;
  uint32_t done_ = 0;  // operations of this phase
  uint32_t ops_ = 0;   // of this turn
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_NVME_TARGET_TARGET_QUEUE_H_
