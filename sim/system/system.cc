#include "sim/system/system.h"

#include <algorithm>

#include "sim/system/oracle_rules.h"
#include "sim/system/quiescence.h"

namespace ddpsim {
namespace {

// How often the bench looks whether a phase is over.
constexpr SimTime kLook = SimTime::Us(50);
// 64-bit picoseconds hold 106 days.
constexpr SimTime kEndOfTime = SimTime::Sec(100 * 86'400);

// No I/O ends for that long: longer than Linux's own timers allow, whatever is set. Each attempt of
// an I/O may take its timeout twice (one period to be seen) and cost all reconnects, each with a
// connect() that SYN retries and admin timeouts bound (127 s, 60 s); an hour is for TCP's own end
// (tcp_retries2: 924 s at the least).
SimTime Patience(const NvmeHostConfig& config) {
  constexpr double kConnectSeconds = 190;
  constexpr double kTcpSeconds = 3600;
  // One queue after the other.
  const double connect = kConnectSeconds * (1.0 + static_cast<double>(config.queues));
  const double reconnects =
      static_cast<double>(config.max_reconnects) * (config.reconnect_delay.seconds() + connect);
  const double attempt = 2 * config.io_timeout.seconds() + reconnects;
  const double all = (config.max_retries + 1.0) * attempt + connect + kTcpSeconds;
  return SimTime::Sec(static_cast<int64_t>(std::min(all, kEndOfTime.seconds())));
}

LoadConfig WithSeed(LoadConfig load, uint64_t seed) {
  load.seed = seed;
  return load;
}

}  // namespace

System::System(const SystemConfig& config, CaptureTap* capture)
    : config_(config),
      island_("island"),
      llc_(config.llc, HostMemory::kBase, Rng(config.seed, "llc")),
      recorder_(&memory_, config.load.bs < config.kernel.io_threshold.value_or(0)),
      write_watch_(&recorder_.laws().storage),
      content_(config.content, config.seed, config.nvme.header_digest, config.nvme.data_digest),
      c2h_("c2h", &island_, config.link, config.c2h_faults, LinkDirection::kC2H, config.seed,
           &frames_, recorder_.c2h()),
      h2c_("h2c", &island_, config.link, config.h2c_faults, LinkDirection::kH2C, config.seed,
           &frames_, recorder_.h2c()),
      pcie_("pcie", &island_, config.pcie),
      memory_module_("memory", &memory_, &llc_, &recorder_),
      nic_("nic", &island_, config.nic, &frames_, &recorder_),
      cpu_("cpu", &island_, config.kernel, config.costs, &memory_, &recorder_, &recorder_),
      target_("target", &island_, config.target, content_, &frames_, &write_watch_),
      look_(&island_.calendar(), this),
      window_(&island_, &recorder_.placement()) {
  island_.calendar().SetTieSeed(config.tie_seed);
  recorder_.SetCapture(capture);
  recorder_.laws().liveness.SetPromise(config.resync_promised, config.resync_bound);
  recorder_.laws().liveness.SetIcosqLatency(SimTime::Ns(config.nic.umr_latency_ns),
                                            SimTime::Ns(config.nic.umr_klm_latency_ns));
  if (!cpu_.kernel().driver_version().validates_sgl)
    recorder_.laws().transparency.AllowTooManyFrags();
  if (!config.keeps_sync) recorder_.laws().liveness.ExpectLossOfSync();
  // As the driver tells the NIC: before v6 it said nothing of header digests, or the wrong thing.
  const DriverVersion& version = cpu_.kernel().driver_version();
  const bool header_digest = config.nvme.header_digest && version.hddgst_en_set;
  const bool data_digest =
      config.nvme.data_digest || (config.nvme.header_digest && version.dgst_is_bool);
  recorder_.laws().resumption.SetReader(
      PduReader(header_digest, data_digest, static_cast<uint32_t>(config.nic.max_pdu_bytes)));
  const bool may_be_altered = config.c2h_faults.corrupt.any() || config.c2h_faults.script.any();
  recorder_.laws().efficiency.SetRules(OracleRulesOf(config.nic, may_be_altered));
  if (config.resync_last_byte) recorder_.laws().resumption.AnswersNameLastByte();
  recorder_.laws().digests = config.data_digest && !config.load.write;
  write_watch_.SetTarget(&target_.host());
  recorder_.laws().writes = config.load.write;
  if (config.corruption_expected) recorder_.laws().storage.ExpectCorruption();
  if (config.c2h_faults.alters() || config.h2c_faults.alters())
    recorder_.laws().storage.ExpectRefusals();
  nic_.nic().set_observer(&recorder_);
  Bind();
}

void System::Bind() {
  target_.tx.bind(c2h_.in);
  c2h_.receiver.bind(nic_.rx);
  c2h_.sender.bind(target_.tx_departed);
  c2h_.opposite.bind(h2c_.pause);
  nic_.tx.bind(h2c_.in);
  h2c_.receiver.bind(target_.rx);
  h2c_.sender.bind(nic_.tx_departed);
  h2c_.opposite.bind(c2h_.pause);
  nic_.dma.bind(pcie_.from_device);
  pcie_.to_memory.bind(memory_module_.bus);
  pcie_.to_interrupts.bind(cpu_.interrupts);
  pcie_.to_device.bind(nic_.bar);
  cpu_.mmio.bind(pcie_.from_cpu);
}

RunEnd System::Run(const volatile std::sig_atomic_t* interrupt,
                   const std::function<void(int64_t, SimTime)>& progress) {
  interrupt_ = interrupt;
  progress_ = &progress;
  look_.Arm(SimTime::Zero());
  island_.Poke();
  sc_core::sc_start();
  return outcome_;
}

void System::OnDeadline(SimTime now) {
  end_ = now;
  if (nvme_ == nullptr) Connect(now);
  if (interrupt_ != nullptr && *interrupt_ != 0) {
    outcome_ = RunEnd::kInterrupted;
    failure_ = "a signal asked for the end";
    phase_ = Phase::kEnded;
  }
  if (phase_ != Phase::kEnded) Advance(now);
  if (phase_ == Phase::kEnded) return End(now);
  if (progress_ != nullptr && *progress_) (*progress_)(static_cast<int64_t>(last_completed_), now);
  look_.Arm(NextLook(now));
}

// On the grid of kLook, so that looking less often changes nothing.
SimTime System::NextLook(SimTime now) {
  const SimTime next = now + kLook;
  const SimTime event = island_.calendar().PeekTime();
  if (event <= next || event.is_never()) return next;
  const int64_t steps = (event - now).ps() / kLook.ps() + ((event - now).ps() % kLook.ps() != 0);
  return now + SimTime::Ps(steps * kLook.ps());
}

void System::End(SimTime now) {
  drained_ = WhereBusy() == nullptr;
  if (started_load() && !load().finished()) {
    load().CheckGuards();
    load().Abort(now);
  }
  window_.Finish();
  island_.Stop();
}

void System::Advance(SimTime now) {
  const Phase before = phase_;
  switch (phase_) {
    case Phase::kConnecting:
      if (nvme_->ready()) {
        StartLoad(now);
      } else if (nvme_->failed()) {
        GiveUp(RunEnd::kConnectFailed,
               "the controller could not be connected: " + nvme_->failure());
      }
      break;
    case Phase::kLoad:
      AdvanceLoad(now);
      break;
    case Phase::kClosing:
      if (nvme_->closed() || nvme_->failed()) phase_ = Phase::kDraining;
      break;
    case Phase::kDraining:
      if (WhereBusy() == nullptr) phase_ = Phase::kEnded;
      break;
    case Phase::kEnded:
      break;
  }
  NoteProgress(now);
  if (phase_ != before) last_progress_ = now;
  if (phase_ != Phase::kEnded && now > kEndOfTime)
    EndInTheMiddle(RunEnd::kEndOfTime, "the simulated clock ends after 100 days");
  // The next phase may need nothing more to happen: one that was just entered is not stuck.
  if (phase_ != Phase::kEnded && phase_ == before && Stalled(now))
    EndInTheMiddle(RunEnd::kStalled, "nothing moves any more");
}

void System::EndInTheMiddle(RunEnd outcome, const std::string& why) {
  const char* where = WhereBusy();
  const bool given_up = outcome_ == RunEnd::kConnectFailed || outcome_ == RunEnd::kControllerLost;
  failure_ = why + "; what is on its way is " + (where == nullptr ? "nowhere" : where) +
             (given_up ? "; " + failure_ : "");
  outcome_ = outcome;
  phase_ = Phase::kEnded;
}

void System::AdvanceLoad(SimTime now) {
  if (nvme_->failed() && outcome_ != RunEnd::kControllerLost) {
    outcome_ = RunEnd::kControllerLost;
    failure_ = "the controller was lost, and reconnecting was given up: " + nvme_->failure();
  }
  if (!nvme_->finished()) return;
  load().CheckGuards();
  if (outcome_ == RunEnd::kControllerLost) {
    phase_ = Phase::kDraining;
    return;
  }
  outcome_ = load().reached_total() ? RunEnd::kTotalIos : RunEnd::kRuntime;
  nvme_->Shutdown(now);
  phase_ = Phase::kClosing;
}

void System::GiveUp(RunEnd outcome, const std::string& why) {
  outcome_ = outcome;
  failure_ = why;
  phase_ = Phase::kDraining;
}

void System::BeginFaults() {
  c2h_.link().EnableFaults();
  h2c_.link().EnableFaults();
  cpu_.kernel().resync_faults().Enable();
  recorder_.fault_log().OnFaultsBegin();
  if (config_.c2h_faults.any() || config_.h2c_faults.any() ||
      config_.kernel.device.resync_faults.any())
    recorder_.laws().liveness.OnFaultsBegin();
}

void System::EndFaults() {
  faults_over_ = true;
  c2h_.link().DisableFaults();
  h2c_.link().DisableFaults();
  cpu_.kernel().resync_faults().Disable();
  recorder_.fault_log().OnFaultsOver();
  recorder_.laws().liveness.OnFaultsOver();
}

void System::Connect(SimTime now) {
  cpu_.Open();
  if (config_.faults_from_start) BeginFaults();
  Kernel& kernel = cpu_.kernel();
  if (!kernel.driver_version().coalesce_checks_crc) recorder_.laws().finder.TcpLosesCrcBits();
  nvme_ = std::make_unique<NvmeHost>(
      config_.nvme,
      HostBoxes{&memory_, &llc_, &kernel.scheduler(), &kernel,
                config_.offload ? kernel.ddp() : nullptr, &recorder_, &island_.calendar()});
  recorder_.SetController(&nvme_->controller());
  window_.Watch(&kernel.cpu(), nvme_.get());
  nvme_->Start(now);
}

void System::StartLoad(SimTime now) {
  if (!config_.faults_from_start) BeginFaults();
  const absl::Status status =
      nvme_->StartLoad(WithSeed(config_.load, config_.seed), content_, &window_, now);
  if (!status.ok()) return GiveUp(RunEnd::kConnectFailed, std::string(status.message()));
  for (const auto& job : nvme_->load().jobs()) {
    recorder_.laws().mapping.AddApplicationMemory(job->buffers().begin(), job->buffers().end());
  }
  phase_ = Phase::kLoad;
}

void System::NoteProgress(SimTime now) {
  if (!started_load()) return;
  const uint64_t completed = nvme_->result().completed;
  // A job that waits for tags reaps nothing before it has submitted all, and a large I/O ends only
  // when all its requests have: that submitting goes on tells.
  const uint64_t handed_over = nvme_->result().submitted + nvme_->result().waits_for_tag;
  if (completed == last_completed_ && handed_over == last_handed_over_) return;
  last_completed_ = completed;
  last_handed_over_ = handed_over;
  last_progress_ = now;
  if (config_.faults_ios > 0 && completed >= config_.faults_ios && !faults_over_) EndFaults();
}

bool System::Stalled(SimTime now) {
  return island_.calendar().size() == 0 || now - last_progress_ > Patience(config_.nvme);
}

const char* System::WhereBusy() {
  return ddpsim::WhereBusy(
      {&c2h_.link(), &h2c_.link(), &nic_.nic(), &pcie_, &cpu_.kernel(), &target_.host()});
}

}  // namespace ddpsim
