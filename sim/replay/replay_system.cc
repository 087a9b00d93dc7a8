#include "sim/replay/replay_system.h"

#include <algorithm>
#include <utility>

#include "sim/system/oracle_rules.h"

namespace ddpsim {
namespace {

// The driver opens its channels before the first frame comes.
constexpr SimTime kStart = SimTime::Ms(1);
// How often the bench looks whether a phase is over.
constexpr SimTime kLook = SimTime::Ms(1);
// Reading what has come takes no minute: a host that has not by then never will.
constexpr int kMostLooks = 60'000;

}  // namespace

ReplaySystem::ReplaySystem(const SystemConfig& config, Mode mode, const ReplayOptions& options,
                           const std::vector<ConnectionFacts>& facts,
                           std::unique_ptr<CaptureWalk> walk, AnnotatedCapture* annotated)
    : config_(config),
      mode_(mode),
      options_(options),
      facts_(facts),
      walk_(std::move(walk)),
      annotated_(annotated),
      island_("island"),
      llc_(config.llc, HostMemory::kBase, Rng(config.seed, "llc")),
      recorder_(&memory_),
      h2c_("h2c", &island_, config.link, LinkFaults(), LinkDirection::kH2C, config.seed, &frames_,
           &no_observer_),
      pcie_("pcie", &island_, config.pcie),
      memory_module_("memory", &memory_, &llc_, &recorder_),
      nic_("nic", &island_, config.nic, &frames_, &recorder_),
      cpu_("cpu", &island_, config.kernel, config.costs, &memory_, &recorder_, &recorder_),
      source_("source", &island_),
      buffers_(&memory_, &recorder_.laws().mapping),
      look_(&island_.calendar(), this) {
  recorder_.SetAnnotated(annotated);
  recorder_.laws().efficiency.SetRules(OracleRulesOf(config.nic, true));
  nic_.nic().set_observer(&recorder_);
  if (options_.on_read) {
    on_read_ = [this](const DeliveredRead& read) { options_.on_read(mode_, read); };
  }
  Bind();
}

void ReplaySystem::Bind() {
  source_.receiver.bind(nic_.rx);
  nic_.tx.bind(h2c_.in);
  h2c_.receiver.bind(source_.sink);
  h2c_.sender.bind(nic_.tx_departed);
  h2c_.opposite.bind(source_.pause);
  nic_.dma.bind(pcie_.from_device);
  pcie_.to_memory.bind(memory_module_.bus);
  pcie_.to_interrupts.bind(cpu_.interrupts);
  pcie_.to_device.bind(nic_.bar);
  cpu_.mmio.bind(pcie_.from_cpu);
}

absl::Status ReplaySystem::Run() {
  look_.Arm(SimTime::Zero());
  island_.Poke();
  sc_core::sc_start();
  return replayer_ == nullptr ? absl::OkStatus() : replayer_->status();
}

void ReplaySystem::Open(SimTime now) {
  cpu_.Open();
  Kernel& kernel = cpu_.kernel();
  kernel.resync_faults().Enable();
  if (!kernel.driver_version().validates_sgl) recorder_.laws().transparency.AllowTooManyFrags();
  if (!kernel.driver_version().coalesce_checks_crc) recorder_.laws().finder.TcpLosesCrcBits();
  ReplayHost host;
  host.boxes = {&memory_,
                &llc_,
                &kernel.scheduler(),
                &kernel,
                config_.offload ? kernel.ddp() : nullptr,
                &recorder_,
                &island_.calendar()};
  host.kernel = &kernel;
  host.buffers = &buffers_;
  host.recorder = &recorder_;
  host.ddp = config_.nvme.ddp;
  host.io_threshold = kernel.driver_version().io_threshold;
  if (host.boxes.ddp != nullptr) host.max_sgl = host.boxes.ddp->Limits().max_ddp_sgl_len;
  host.on_read = &on_read_;
  replayer_ =
      std::make_unique<Replayer>(options_, std::move(walk_), facts_, host, &frames_,
                                 static_cast<uint32_t>(config_.kernel.device.mtu), annotated_);
  source_.Start(replayer_.get(), now + kStart);
}

// The host's sockets never are: the recorded target acknowledges nothing that they send.
bool ReplaySystem::Quiet() {
  return h2c_.link().quiet() && nic_.nic().quiet() && pcie_.quiet() && cpu_.kernel().cpu().quiet();
}

void ReplaySystem::OnDeadline(SimTime now) {
  end_ = now;
  if (replayer_ == nullptr) Open(now);
  if (options_.interrupt != nullptr && *options_.interrupt != 0) {
    interrupted_ = true;
    island_.Stop();
    return;
  }
  if (options_.progress) options_.progress(ModeName(mode_), replayer_->records());
  SimTime next = now + kLook;
  if (replayer_->over()) replayer_->Settle(now);
  if (phase_ == Phase::kPlaying && !replayer_->over()) {
    // Nothing to see in a silence.
    next = std::max(next, replayer_->next_due());
  } else if (phase_ == Phase::kPlaying) {
    phase_ = Phase::kReading;
  } else if (phase_ == Phase::kReading &&
             ((replayer_->idle() && Quiet()) || ++looks_ > kMostLooks)) {
    replayer_->Finish(now);
    phase_ = Phase::kClosing;
    looks_ = 0;
  } else if (phase_ == Phase::kClosing && (Quiet() || ++looks_ > kMostLooks)) {
    phase_ = Phase::kEnded;
    island_.Stop();
    return;
  }
  look_.Arm(next);
}

}  // namespace ddpsim
