// How frames pass between modules: a transmitter offers FrameSendIf, a receiver FrameReceiveIf, and
// the transmitter tells the sender through TxDepartedIf when a frame that carried a token has left
// (the skb can be freed).
#ifndef DDPSIM_PORTS_FRAME_PORT_H_
#define DDPSIM_PORTS_FRAME_PORT_H_

#include <systemc>

#include "ddpsim/net/egress_port.h"
#include "ddpsim/wire/frame.h"

namespace ddpsim {

class FrameSendIf : public virtual sc_core::sc_interface {
 public:
  virtual void Send(OutFrame frame) = 0;
  // 802.3x pause, sent to the peer's transmitter ahead of queued frames.
  virtual void SendPause(bool xoff) = 0;
};

class FrameReceiveIf : public virtual sc_core::sc_interface {
 public:
  virtual void Receive(FramePtr frame) = 0;
};

class TxDepartedIf : public virtual sc_core::sc_interface {
 public:
  virtual void TxDeparted(uint64_t token) = 0;
};

// The transmitter of the opposite direction, as a pause frame reaches it.
class PauseIf : public virtual sc_core::sc_interface {
 public:
  virtual void OnPause(bool xoff, SimTime effective) = 0;
};

}  // namespace ddpsim

#endif  // DDPSIM_PORTS_FRAME_PORT_H_
