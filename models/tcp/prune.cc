#include "models/tcp/prune.h"

#include "models/tcp/collapse.h"
#include "models/tcp/receive_window.h"

namespace ddpsim {
namespace {

// tcp_can_ingest() (v6.17+): the newcomer itself does not count, so that a small window can be
// filled by skbs that waste much.
bool CanIngest(const Tcb& t) { return t.win.rmem_alloc <= t.win.rcvbuf; }

// Drops from the end, an eighth of the buffer at least, but nothing before the newcomer; then all
// SACK blocks are forgotten: we renege.
void PruneOutOfOrder(Tcb& t, const Skb& newcomer) {
  int64_t goal = t.win.rcvbuf >> 3;
  bool pruned = false;
  while (!t.ofo.skbs.empty() && newcomer.seq <= t.ofo.skbs.back()->seq) {
    const uint32_t truesize = t.ofo.skbs.back()->truesize;
    t.ofo.skbs.pop_back();
    t.win.rmem_alloc -= truesize;
    ++t.stats.ofo_pruned;
    pruned = true;
    goal -= truesize;
    if (goal > 0 && !t.ofo.skbs.empty()) continue;
    if (CanIngest(t)) break;
    goal = t.win.rcvbuf >> 3;
  }
  if (!pruned) return;
  t.ofo.num_sacks = 0;
  t.ofo.dsack = false;
}

}  // namespace

bool EnsureReceiveMemory(Tcb& t, const Skb& newcomer) {
  if (CanIngest(t)) return true;
  ClampWindow(t);
  if (CanIngest(t)) return true;
  CollapseOutOfOrder(t);
  CollapseReceiveQueue(t);
  if (CanIngest(t)) return true;
  PruneOutOfOrder(t, newcomer);
  return CanIngest(t);
}

}  // namespace ddpsim
