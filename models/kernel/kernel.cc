#include "models/kernel/kernel.h"

#include "ddpsim/base/check.h"

namespace ddpsim {
namespace {

DriverVersion VersionOf(const KernelConfig& config) {
  const std::optional<DriverVersion> version = ParseDriverVersion(config.device.driver);
  SIM_CHECK(version.has_value(), "driver: " + config.device.driver);
  DriverVersion result = *version;
  result.io_threshold = config.io_threshold.value_or(result.io_threshold);
  result.ccid_gen = config.ccid_gen;
  result.sgl_cursor_restarts = config.sgl_cursor_restarts;
  result.max_queues = config.max_queues.value_or(result.max_queues);
  return result;
}

}  // namespace

Kernel::Kernel(const KernelConfig& config, const CostTable& costs, HostMemory* memory,
               Calendar* calendar, HostObserver* observer)
    : config_(config),
      version_(VersionOf(config)),
      memory_(memory),
      calendar_(calendar),
      observer_(observer),
      cpu_(config.cpu, costs, calendar),
      commands_(memory, &cpu_.outbox()),
      nvmeotcp_rx_(version_, memory, &ddp_stats_, observer),
      iss_(config.seed, "kernel.iss") {
  config_.tcp.mtu = config.device.mtu;
  config_.tcp.coalesce_checks_ulp_crc = version_.coalesce_checks_crc;
}

void Kernel::Open(MmioPort* port, SimTime now) {
  cpu_.outbox().SetPort(port);
  DeviceContext context{memory_, &commands_, &cpu_,     &skbs_,        observer_,
                        &stack_, nullptr,    calendar_, config_.tcp.hz};
  if (config_.device.cqe_128) context.nvmeotcp = &nvmeotcp_rx_;
  GroConfig gro;
  gro.enabled = config_.device.gro;
  gro.splits_on_placement = version_.gro_shared_bit;
  device_ = std::make_unique<NetDevice>(config_.device, gro, context, now);
  driver_ = std::make_unique<NvmeotcpDriver>(config_.device, version_, context, device_.get(),
                                             &nvmeotcp_rx_, &ddp_stats_, config_.seed);
  device_->Open(now);
}

void Kernel::OnMsix(uint32_t vector, SimTime now) {
  if (vector < device_->channels()) {
    device_->OnMsix(vector, now);
  } else {
    driver_->OnMsix(vector, now);
  }
}

ByteStream* Kernel::Create(CoreId core) {
  SIM_CHECK(device_ != nullptr, "sockets come after Open()");
  SocketSetup setup;
  setup.tcp = config_.tcp;
  setup.addresses = config_.addresses;
  setup.id = static_cast<uint32_t>(sockets_.size());
  setup.local_port = static_cast<uint16_t>(config_.first_local_port + setup.id);
  setup.peer_port = config_.peer_port;
  setup.iss = static_cast<uint32_t>(iss_.U64());
  setup.core = core;
  return AddSocket(setup);
}

TcpSocket* Kernel::TakeOver(const TakenOverConnection& connection, SimTime now) {
  SIM_CHECK(device_ != nullptr, "sockets come after Open()");
  SocketSetup setup;
  setup.tcp = config_.tcp;
  setup.addresses = config_.addresses;
  setup.addresses.source_ip = connection.received.destination_ip;
  setup.addresses.destination_ip = connection.received.source_ip;
  setup.id = static_cast<uint32_t>(sockets_.size());
  setup.local_port = connection.received.destination_port;
  setup.peer_port = connection.received.source_port;
  setup.core = connection.core;
  device_->Unsteer(connection.received, now);
  TcpSocket* socket = AddSocket(setup);
  socket->TakeOver(connection.snd_nxt, connection.rcv_nxt, now);
  return socket;
}

TcpSocket* Kernel::AddSocket(const SocketSetup& setup) {
  sockets_.push_back(
      std::make_unique<TcpSocket>(setup, calendar_, &cpu_, device_.get(), observer_));
  TcpSocket* socket = sockets_.back().get();
  stack_.Register(socket->five_tuple().flow, socket);
  device_->Steer(socket->five_tuple().flow, setup.core, SimTime::Zero());
  return socket;
}

}  // namespace ddpsim
