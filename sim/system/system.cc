#include "sim/system/system.h"

namespace ddpsim {
namespace {

// How often the bench looks whether a phase is over. Finer than any wait it adds at the end of a
// run.
constexpr SimTime kLook = SimTime::Us(50);
// No I/O completes for that long: longer than every timeout and reconnect delay at its default (30
// s, 10 s).
constexpr SimTime kStall = SimTime::Sec(120);
// After the connections are closed: the last ACKs and the driver's deferred destruction of NIC
// objects.
constexpr SimTime kDrain = SimTime::Ms(1);

// What the NIC's context is bound to, and whether a right TCP checksum may hold wrong data.
OracleRules RulesOf(const SystemConfig& config) {
  OracleRules rules;
  rules.search_anywhere = config.nic.search == SearchMode::kAnyOffset;
  rules.across_data_gap = config.nic.ddp_across_data_gap;
  rules.skips_seen_bytes = config.nic.skips_seen_bytes;
  rules.digests_may_be_wrong = config.c2h_faults.corrupt.any() || config.c2h_faults.script.any();
  rules.longest_pdu = static_cast<uint32_t>(config.nic.max_pdu_bytes);
  return rules;
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
      look_(&island_.calendar(), this) {
  island_.calendar().SetTieSeed(config.tie_seed);
  recorder_.SetCapture(capture);
  recorder_.laws().liveness.SetPromise(config.resync_promised, config.resync_bound);
  recorder_.laws().liveness.SetIcosqLatency(SimTime::Ns(config.nic.umr_latency_ns),
                                            SimTime::Ns(config.nic.umr_klm_latency_ns));
  if (!cpu_.kernel().driver_version().validates_sgl)
    recorder_.laws().transparency.AllowTooManyFrags();
  if (!config.keeps_sync) recorder_.laws().liveness.ExpectLossOfSync();
  recorder_.laws().resumption.SetReader(PduReader(config.nvme.header_digest,
                                                  config.nvme.data_digest,
                                                  static_cast<uint32_t>(config.nic.max_pdu_bytes)));
  recorder_.laws().efficiency.SetRules(RulesOf(config));
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
  if (interrupt_ != nullptr && *interrupt_ != 0) {
    outcome_ = RunEnd::kInterrupted;
    phase_ = Phase::kEnded;
  }
  if (phase_ != Phase::kEnded) Advance(now);
  if (phase_ == Phase::kEnded) {
    island_.Stop();
    return;
  }
  if (progress_ != nullptr && *progress_) (*progress_)(static_cast<int64_t>(last_completed_), now);
  look_.Arm(now + (phase_ == Phase::kDraining ? kDrain : kLook));
}

void System::Advance(SimTime now) {
  switch (phase_) {
    case Phase::kConnecting:
      if (nvme_ == nullptr) {
        Connect(now);
      } else if (nvme_->ready()) {
        StartLoad(now);
      }
      break;
    case Phase::kLoad:
      if (nvme_->finished()) {
        nvme_->load().CheckGuards();
        nvme_->Shutdown(now);
        phase_ = Phase::kClosing;
      }
      break;
    case Phase::kClosing:
      if (nvme_->closed()) phase_ = Phase::kDraining;
      break;
    case Phase::kDraining:
      outcome_ = RunEnd::kComplete;
      phase_ = Phase::kEnded;
      break;
    case Phase::kEnded:
      break;
  }
  if (phase_ != Phase::kEnded && Stalled(now)) phase_ = Phase::kEnded;
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
  nvme_->Start(now);
}

void System::StartLoad(SimTime now) {
  if (!config_.faults_from_start) BeginFaults();
  const absl::Status status =
      nvme_->StartLoad(WithSeed(config_.load, config_.seed), content_, this, now);
  if (!status.ok()) {
    failure_ = std::string(status.message());
    phase_ = Phase::kEnded;
    return;
  }
  for (const auto& job : nvme_->load().jobs()) {
    recorder_.laws().mapping.AddApplicationMemory(job->buffers().begin(), job->buffers().end());
  }
  phase_ = Phase::kLoad;
}

bool System::Stalled(SimTime now) {
  const uint64_t completed = started_load() ? nvme_->result().completed : 0;
  if (completed != last_completed_) {
    last_completed_ = completed;
    if (config_.faults_ios > 0 && completed >= config_.faults_ios && !faults_over_) EndFaults();
    last_progress_ = now;
  }
  if (nvme_->failed()) failure_ = "the controller could not be connected";
  return nvme_->failed() || now - last_progress_ > kStall;
}

void System::OnWindowStart(SimTime now) {
  recorder_.placement().Start();
  window_.start = Snapshot();
  window_.start.at = now;
  window_.open = true;
}

void System::OnWindowEnd(SimTime now) {
  recorder_.placement().Stop();
  window_.end = Snapshot();
  window_.end.at = now;
  window_.closed = true;
}

WindowSnapshot System::Snapshot() {
  WindowSnapshot snapshot;
  snapshot.ledger = cpu_.kernel().cpu().Ledger();
  snapshot.busy = cpu_.kernel().cpu().BusyTime();
  snapshot.io = nvme_->IoStats();
  return snapshot;
}

}  // namespace ddpsim
