// What Linux of 2013 (3.11, before RACK) did otherwise, for traces of that age
// (config.linux_3_11): FACK's idea of loss and early retransmit (RFC 5827 with the delay of its
// section 3.3). The rest of that age is a condition where the rule sits: PRR's slow-start part,
// the initial window of 20 segments.
#ifndef DDPSIM_MODELS_TCP_LINUX_3_11_H_
#define DDPSIM_MODELS_TCP_LINUX_3_11_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// Segments up to the highest SACKed one: FACK takes all holes below it for losses.
uint32_t FackedOut(const Tcb& t);
// Too few segments are in flight for three duplicates: retransmit now? May arm a timer instead.
bool EarlyRetransmitNow(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_LINUX_3_11_H_
