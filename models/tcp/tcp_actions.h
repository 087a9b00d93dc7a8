// What a call into Connection wants done: values, no callbacks. The caller keeps one TcpActions and
// clears it between calls, so that its vectors keep their capacity.
#ifndef DDPSIM_MODELS_TCP_TCP_ACTIONS_H_
#define DDPSIM_MODELS_TCP_TCP_ACTIONS_H_

#include <vector>

#include "ddpsim/net/tx_segment.h"

namespace ddpsim {

struct TcpActions {
  std::vector<TxSegment> segments;  // to transmit, in this order
  bool data_ready = false;     // sk_data_ready(): something new to read, or the end of the stream
  bool write_space = false;    // sk_write_space(): a writer that was refused may try again
  bool state_changed = false;  // sk_state_change(): established, closing, closed

  void Clear() {
    segments.clear();
    data_ready = write_space = state_changed = false;
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_TCP_ACTIONS_H_
