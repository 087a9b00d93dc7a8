#include "sim/system/end_checks.h"

#include <numeric>
#include <string>
#include <tuple>

#include "absl/container/btree_map.h"

namespace ddpsim {
namespace {

int64_t Signed(uint64_t value) { return static_cast<int64_t>(value); }

void BalanceLink(const Link& link, const char* what, SimTime now, ConservationLaw* law) {
  const LinkStats& stats = link.stats();
  const int64_t dropped = std::accumulate(stats.dropped.begin(), stats.dropped.end(), int64_t{0});
  law->Balance(what, stats.packets + stats.duplicated, stats.delivered + dropped, now);
}

void BalanceReceive(System* system, SimTime now, ConservationLaw* law) {
  const NicStats& nic = system->nic().stats();
  law->Balance("frames delivered to the NIC = received + dropped", system->c2h().stats().delivered,
               nic.rx_packets + nic.rx_out_of_buffer + nic.rx_steer_missed, now);
  law->Balance("packets of the NIC = packets of the driver", nic.rx_packets,
               Signed(system->kernel().device().TotalRx().packets), now);
  const TransparencyLaw& transparency = system->recorder().laws().transparency;
  law->Balance("frames accepted by the NIC = skbs of the driver + dropped",
               Signed(transparency.accepted()),
               Signed(transparency.delivered() + system->kernel().ulp_ddp_stats().drop), now);
}

void BalanceOffload(System* system, SimTime now, ConservationLaw* law) {
  const NicStats& nic = system->nic().stats();
  const UlpDdpStats& driver = system->kernel().ulp_ddp_stats();
  law->Balance("bytes placed by the NIC = bytes written to I/O buffers", nic.placed_bytes,
               Signed(system->recorder().laws().mapping.placed_bytes()), now);
  law->Balance("bytes placed by the NIC = bytes of the driver's CQEs + of those it dropped",
               nic.placed_bytes,
               Signed(driver.bytes + system->recorder().laws().transparency.dropped_placed_bytes()),
               now);
  law->Balance("sk_add = sk_del", Signed(driver.sk_add), Signed(driver.sk_del), now);
  // A cancelled request's mapping dies with its queue, without a teardown of its own.
  law->Balance("setup = teardown + cancelled before", Signed(driver.setup),
               Signed(driver.teardown + system->nvme().IoStats().ddp_cancelled), now);
}

// Ports are used again, and a SYN that comes late opens a second connection with the same initial
// sequence number: both ends' numbers tell which connection it was.
using ConnectionKey = std::tuple<uint16_t, uint32_t, uint32_t>;

absl::btree_map<ConnectionKey, const Connection*> AcceptedBy(const TargetHost& target) {
  absl::btree_map<ConnectionKey, const Connection*> accepted;
  for (size_t i = 0; i < target.connections(); ++i) {
    const Connection& connection = target.connection(i).connection();
    const Tcb& tcb = connection.tcb();
    accepted[{tcb.peer_port, tcb.irs.value(), tcb.iss.value()}] = &connection;
  }
  return accepted;
}

void CloseStreams(System* system, bool orderly, SimTime now) {
  StreamLaw& law = system->recorder().laws().stream;
  const auto accepted = AcceptedBy(system->target());
  for (const auto& socket : system->kernel().sockets()) {
    const Connection& host = socket->connection();
    const Tcb& tcb = host.tcb();
    const auto it = accepted.find({tcb.local_port, tcb.iss.value(), tcb.irs.value()});
    if (it == accepted.end()) continue;
    const Connection& peer = *it->second;
    const TcpStats& out = peer.stats();
    const TcpStats& in = host.stats();
    law.OnEnd(socket->id(), "c2h", out.bytes_sent - out.bytes_retransmitted,
              in.bytes_received - host.Readable(), orderly, now);
    law.OnEnd(socket->id(), "h2c", in.bytes_sent - in.bytes_retransmitted,
              out.bytes_received - peer.Readable(), orderly, now);
  }
}

// What only a packet of a flow with a context can have done. A queue may be offloaded too late for
// any; and the observer's word alone would let it be unplugged.
bool OffloadWorked(const NicStats& nic) {
  return nic.placed_packets + nic.not_mapped + nic.out_of_bounds + nic.resync_requests +
             nic.lost_sync + nic.digests_right + nic.digests_wrong >
         0;
}

// Which laws had something to look at, by counters that are not theirs: their own word alone would
// let them be unplugged.
void AskLaws(System* system, Laws* laws) {
  const HostQueueStats io = system->started_load() ? system->nvme().IoStats() : HostQueueStats();
  laws->placed = system->nic().stats().placed_bytes > 0;
  laws->offload = system->recorder().saw_context() || OffloadWorked(system->nic().stats());
  if (io.digests_by_nic + io.digests_by_software == 0) laws->digests = false;
  // Every write may have failed on its way.
  const bool done = system->started_load() && system->nvme().result().bytes > 0;
  if (!done && system->target().stats().writes == 0) laws->writes = false;
}

}  // namespace

const char* NothingMovedBy(System* system) {
  if (!system->started_load()) return nullptr;
  const LoadStats& result = system->nvme().result();
  const bool moved = result.bytes > 0 || result.bytes_checked > 0;
  return moved ? nullptr : system->recorder().laws().finder.AllFailedBy();
}

void CloseLaws(System* system, RunEnd end) {
  Laws& laws = system->recorder().laws();
  const SimTime now = system->now();
  const std::string cut_short = IsComplete(end) ? "" : system->failure();
  const bool load = system->started_load();
  laws.run_completes.OnEnd(cut_short, load ? system->nvme().result().bytes : 0, now);
  if (const char* defect = NothingMovedBy(system)) laws.run_completes.Explain(defect);
  if (load) {
    const LoadStats& result = system->nvme().result();
    laws.delivery.OnEnd(result, system->config().corruption_expected, now,
                        laws.finder.WrongBytesBy(result.wrong_ios));
  }
  const Window& window = system->window();
  laws.measured = load && window.closed;
  if (laws.measured) {
    laws.goodput.OnWindow(system->nvme().result().bytes, window.end.at - window.start.at,
                          static_cast<double>(system->config().link.rate_gbps), now);
  }
  AskLaws(system, &laws);
  if (end == RunEnd::kInterrupted || end == RunEnd::kEndOfTime) return;
  // Also where the host gave up: its I/Os have failed by then.
  laws.completion.Finish(now);
  // What is on its way is on no account; a run that was given up is judged as far as it came.
  if (!system->drained()) return;
  BalanceLink(system->c2h(), "c2h frames offered = delivered + dropped", now, &laws.conservation);
  BalanceLink(system->h2c(), "h2c frames offered = delivered + dropped", now, &laws.conservation);
  BalanceReceive(system, now, &laws.conservation);
  BalanceOffload(system, now, &laws.conservation);
  // Nothing was reset, and nobody gave up: no connect, no reset, no shutdown failed.
  NvmeHost& nvme = system->nvme();
  const bool orderly =
      nvme.closed() && nvme.failure().empty() && !nvme.controller().gave_up_connections();
  CloseStreams(system, orderly, now);
}

}  // namespace ddpsim
