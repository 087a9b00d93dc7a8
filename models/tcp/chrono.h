// What limited the sender for how long (tcp_chrono_start() and its kin): busy at all, held by the
// peer's window, held by its own send buffer. One chronograph runs at a time; the more interesting
// reason takes it over. Resolution is a jiffy.
#ifndef DDPSIM_MODELS_TCP_CHRONO_H_
#define DDPSIM_MODELS_TCP_CHRONO_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

inline void SetChrono(Tcb& t, ChronoKind kind) {
  Chrono& chrono = t.chrono;
  if (kind == chrono.kind) return;
  chrono.jiffies[static_cast<size_t>(chrono.kind)] += t.clock.jiffies() - chrono.start;
  chrono.start = t.clock.jiffies();
  chrono.kind = kind;
}

inline void StartChrono(Tcb& t, ChronoKind kind) {
  if (kind > t.chrono.kind) SetChrono(t, kind);
}

inline void StopChrono(Tcb& t, ChronoKind kind) {
  if (t.queue.empty()) {
    SetChrono(t, ChronoKind::kNone);
  } else if (kind == t.chrono.kind) {
    SetChrono(t, ChronoKind::kBusy);
  }
}

// Microseconds, the running chronograph included.
inline int64_t ChronoUs(const Tcb& t, ChronoKind kind) {
  int64_t jiffies = t.chrono.jiffies[static_cast<size_t>(kind)];
  if (kind == t.chrono.kind) jiffies += t.clock.jiffies() - t.chrono.start;
  return t.clock.JiffiesToUs(jiffies);
}

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_CHRONO_H_
