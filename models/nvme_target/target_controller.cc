#include "models/nvme_target/target_controller.h"

#include <cstring>
#include <utility>

#include "models/nvme_target/target_queue.h"

namespace ddpsim {
namespace {

constexpr uint32_t kCcEnable = 0x1;
constexpr uint32_t kCcShutdownMask = 0xc000;
constexpr uint32_t kCstsReady = 0x1;
constexpr uint32_t kCstsFatal = 0x2;
constexpr uint32_t kCstsShutdownComplete = 0x8;

void FillPadded(char* out, size_t size, const char* text) {
  std::memset(out, ' ', size);
  std::memcpy(out, text, std::strlen(text));
}

uint8_t MdtsExponent(int64_t bytes) {
  uint8_t exponent = 0;  // of pages of 4 KiB, CAP.MPSMIN 0
  while (bytes > 0 && (int64_t{4096} << (exponent + 1)) <= bytes) ++exponent;
  return exponent;
}

}  // namespace

// nvmet_init_cap()
uint64_t TargetController::cap() const {
  return uint64_t{1} << 37     // NVM command set
         | uint64_t{1} << 43   // one or more I/O command sets
         | uint64_t{15} << 24  // CC.EN takes at most 7.5 s
         | (kTargetMaxQueueSize - 1);
}

// nvmet_update_cc(). What disables or shuts down zeroes CC, so that the next CC.EN enables again.
void TargetController::WriteCc(uint32_t cc) {
  const auto enabled = [](uint32_t value) { return (value & kCcEnable) != 0; };
  const auto shut = [](uint32_t value) { return (value & kCcShutdownMask) != 0; };
  const uint32_t old = cc_;
  cc_ = cc;
  if (enabled(cc) && !enabled(old)) {
    just_enabled_ = true;
    csts_ = kCstsReady;
  }
  if (!enabled(cc) && enabled(old)) Disable();
  if (shut(cc) && !shut(old)) {
    Disable();
    csts_ |= kCstsShutdownComplete;
  }
}

// nvmet_clear_ctrl()
void TargetController::Disable() {
  csts_ &= ~kCstsReady;
  cc_ = 0;
}

void TargetController::set_subsystem_nqn(const char* nqn) {
  std::memcpy(subnqn_, nqn, sizeof(subnqn_));
  subnqn_[sizeof(subnqn_) - 1] = 0;
}

// nvmet_execute_identify_ctrl()
void TargetController::FillIdentify(IdentifyControllerData* data) const {
  std::memcpy(data->sn, "ddpsim0000000000001 ", sizeof(data->sn));
  FillPadded(data->mn, sizeof(data->mn), "ddpsim");
  FillPadded(data->fr, sizeof(data->fr), "1");
  data->rab = 6;
  data->mdts = MdtsExponent(config_->mdts);
  data->cntlid = cntlid_;
  data->ver = kTargetVersion;
  // 128-bit host id, traffic-based keep-alive
  data->ctratt = 1u << 0 | (habits_.traffic_keeps_alive ? 1u << 6 : 0);
  data->cntrltype = 1;  // I/O controller
  data->kas = habits_.kas;
  data->sqes = 6 << 4 | 6;
  data->cqes = 4 << 4 | 4;
  data->maxcmd = kTargetMaxQueueSize;  // NVMET_MAX_CMD
  data->nn = 1;
  data->sgls = 1u << 0 | (config_->in_capsule_data > 0 ? 1u << 20 : 0);
  std::memcpy(data->subnqn, subnqn_, sizeof(data->subnqn));
  data->ioccsz = static_cast<uint32_t>(sizeof(NvmeSqe) + config_->in_capsule_data) / 16;
  data->iorcsz = sizeof(NvmeCqe) / 16;
  data->msdbd = 1;  // nvmet_tcp_ops
}

void TargetController::FillNamespace(IdentifyNamespaceData* data) const {
  data->nsze = static_cast<uint64_t>(config_->namespace_size) / kTargetBlock;
  data->ncap = data->nuse = data->nsze;
  data->lbaf[0].lbads = 9;  // 512 bytes
}

uint32_t TargetController::GrantedQueues() const {
  const auto queues = static_cast<uint32_t>(config_->max_queues - 1);
  return queues | queues << 16;
}

bool TargetController::AddQueue(uint16_t qid, TargetQueue* queue) {
  return queues_.emplace(qid, queue).second;
}

std::vector<TargetQueue*> TargetController::Fail() {
  csts_ |= kCstsFatal;
  std::vector<TargetQueue*> queues;
  for (const auto& [qid, queue] : queues_) queues.push_back(queue);
  return queues;
}

void TargetController::StartKeepAlive(uint32_t kato_ms, SimTime now) {
  const uint32_t unit = habits_.kato_unit_ms;
  kato_ = SimTime::Ms((int64_t{kato_ms} + unit - 1) / unit * unit);
  RestartKeepAlive(now);
}

void TargetController::RestartKeepAlive(SimTime now) {
  if (kato_ == SimTime::Zero()) return;
  const int64_t jiffy = ticks_.At(now);
  keep_alive_timer_.Arm(ticks_.WheelExpiry(jiffy, jiffy + ticks_.FromUs(kato_.us())));
}

void TargetController::OnDeadline(SimTime now) {
  const bool traffic = std::exchange(traffic_, false);
  if (traffic && habits_.traffic_keeps_alive) return RestartKeepAlive(now);
  // With its last queue the controller itself is gone.
  for (TargetQueue* queue : Fail()) queue->OnControllerFailed(now);
}

TargetController* TargetSubsystem::Create() {
  while (next_cntlid_ == 0 || next_cntlid_ == 0xffff || controllers_.contains(next_cntlid_))
    ++next_cntlid_;
  const uint16_t cntlid = next_cntlid_++;
  auto& controller = controllers_[cntlid];
  controller = std::make_unique<TargetController>(cntlid, config_, calendar_);
  return controller.get();
}

TargetController* TargetSubsystem::Find(uint16_t cntlid) {
  const auto it = controllers_.find(cntlid);
  return it == controllers_.end() ? nullptr : it->second.get();
}

}  // namespace ddpsim
