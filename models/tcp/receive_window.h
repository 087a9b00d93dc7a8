// The receive window: how much to offer (__tcp_select_window(), never shrunk), its growth with
// well-filled segments (tcp_grow_window()), the receiver's RTT estimate and buffer autotuning while
// the application reads (tcp_rcv_space_adjust()). Windows are counted in memory: an skb costs its
// truesize, and win.scaling_ratio / 256 of the memory is window. Left out: tcp_shrink_window,
// tcp_app_win below 31, global memory pressure.
#ifndef DDPSIM_MODELS_TCP_RECEIVE_WINDOW_H_
#define DDPSIM_MODELS_TCP_RECEIVE_WINDOW_H_

#include "models/tcp/tcb.h"

namespace ddpsim {

// How much window `bytes` of memory are (tcp_win_from_space()).
inline int64_t WindowFromMemory(const Tcb& t, int64_t bytes) {
  return (bytes * t.win.scaling_ratio) >> 8;
}
// Window and scale announced in our SYN (tcp_select_initial_window()).
void InitReceiveWindow(Tcb& t);
// The connection is established (tcp_init_buffer_space()).
void InitBufferSpace(Tcb& t);
// What is still open of the window last announced.
uint32_t OfferedWindow(const Tcb& t);
// The window that we would offer now, in bytes; takes the quick-ACK budget away when memory is
// short.
uint32_t WindowToOffer(Tcb& t);
// Decides the window of a segment being sent and returns its 16-bit field.
uint16_t SelectWindow(Tcb& t);
// A segment of `size` bytes came that takes `truesize` bytes of memory.
void GrowWindow(Tcb& t, uint32_t size, uint32_t truesize);
// A new size of segments was seen: how much of their memory is payload?
void UpdateScalingRatio(Tcb& t, const Skb& skb);
// Receiver-side RTT: a window's worth of data takes one RTT, or, with timestamps, the echo tells.
void MeasureRcvRtt(Tcb& t);
void MeasureRcvRttByTimestamp(Tcb& t, const Skb& skb);
// The application has read: autotune the buffer.
void AdjustReceiveSpace(Tcb& t);
// Data waits behind a hole: room for it, and for twice what one RTT brings (v6.16+).
void GrowBufferForHole(Tcb& t);
// Memory ran out (tcp_clamp_window()).
void ClampWindow(Tcb& t);

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_RECEIVE_WINDOW_H_
