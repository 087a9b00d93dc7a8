#include "sim/system/tcp_result_builder.h"

namespace ddpsim {
namespace {

void AddSender(const TcpStats& from, TcpSenderResult* to) {
  to->segments += static_cast<int64_t>(from.segments_out);
  to->bytes += static_cast<int64_t>(from.bytes_sent);
  to->retransmits += static_cast<int64_t>(from.retransmits);
  to->bytes_retransmitted += static_cast<int64_t>(from.bytes_retransmitted);
  to->timeouts += static_cast<int64_t>(from.timeouts);
  to->fast_recoveries += static_cast<int64_t>(from.fast_recoveries);
  to->tlp_probes += static_cast<int64_t>(from.tlp_probes);
  to->tlp_recoveries += static_cast<int64_t>(from.tlp_recoveries);
  to->undo += static_cast<int64_t>(from.undo);
  to->spurious_rtos += static_cast<int64_t>(from.spurious_rtos);
  to->lost_retransmits += static_cast<int64_t>(from.lost_retransmits);
  to->dsacks_received += static_cast<int64_t>(from.dsacks_received);
  to->zero_window_probes += static_cast<int64_t>(from.zero_window_probes);
  to->tsq_throttled += static_cast<int64_t>(from.tsq_throttled);
}

void AddReceiver(const TcpStats& from, TcpReceiverResult* to) {
  to->segments += static_cast<int64_t>(from.segments_in);
  to->bytes += static_cast<int64_t>(from.bytes_received);
  to->acks_sent += static_cast<int64_t>(from.acks_sent);
  to->delayed_acks += static_cast<int64_t>(from.delayed_acks);
  to->dup_acks_sent += static_cast<int64_t>(from.dup_acks_sent);
  to->acks_compressed += static_cast<int64_t>(from.acks_compressed);
  to->sacks_sent += static_cast<int64_t>(from.sacks_sent);
  to->dsacks_sent += static_cast<int64_t>(from.dsacks_sent);
  to->ooo_segments += static_cast<int64_t>(from.ooo_segments);
  to->old_segments += static_cast<int64_t>(from.old_data_dropped);
  to->coalesced += static_cast<int64_t>(from.coalesced);
  to->collapsed += static_cast<int64_t>(from.collapsed);
  to->ofo_pruned += static_cast<int64_t>(from.ofo_pruned);
  to->rcvbuf_dropped += static_cast<int64_t>(from.rcvbuf_dropped);
  to->bad_checksums += static_cast<int64_t>(from.bad_checksums);
}

}  // namespace

TcpResult TcpOf(System* system) {
  TcpResult to;
  for (const auto& socket : system->kernel().sockets()) {
    const TcpStats& stats = socket->connection().stats();
    AddSender(stats, &to.h2c);
    AddReceiver(stats, &to.host);
  }
  for (size_t i = 0; i < system->target().connections(); ++i) {
    const TcpStats& stats = system->target().connection(i).connection().stats();
    AddSender(stats, &to.c2h);
    AddReceiver(stats, &to.target);
  }
  return to;
}

}  // namespace ddpsim
