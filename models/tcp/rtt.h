// Round-trip estimation: srtt/mdev/rttvar with Linux's fixed point and its floor under rttvar
// (tcp_rtt_estimator(), differs from RFC 6298 on purpose), the RTO in jiffies, and the windowed
// minimum RTT (lib/win_minmax.c, Kathleen Nichols' filter). Left out: usec timestamps, per-route
// rto_min.
#ifndef DDPSIM_MODELS_TCP_RTT_H_
#define DDPSIM_MODELS_TCP_RTT_H_

#include <cstdint>

#include "ddpsim/base/seq_num.h"
#include "models/tcp/tcp_clock.h"

namespace ddpsim {

class WindowedMin {
 public:
  // Feeds `value` at `time`; forgets values older than `window` (same unit as time).
  void Update(int64_t window, int64_t time, uint32_t value);
  uint32_t value() const { return samples_[0].value; }

 private:
  struct Sample {
    int64_t time = 0;
    uint32_t value = ~0u;
  };
  void Reset(int64_t time, uint32_t value);
  void UpdateSubwindow(int64_t window, const Sample& sample);

  Sample samples_[3];
};

class RttEstimator {
 public:
  // rto_min/max/init in microseconds.
  RttEstimator(const TcpClock& clock, int64_t rto_min_us, int64_t rto_max_us, int64_t rto_init_us);

  // One sample of seq's round trip; snd_una/snd_nxt delimit the once-per-window decay of rttvar.
  void AddSample(int64_t rtt_us, SeqNum snd_una, SeqNum snd_nxt, const TcpClock& clock);
  // The handshake gave none.
  void FallBack(const TcpClock& clock);
  void AddMinSample(int64_t rtt_us, const TcpClock& clock);

  bool has_sample() const { return srtt8_ != 0; }
  uint32_t srtt8() const { return srtt8_; }  // srtt in 1/8 us, as tp->srtt_us
  int64_t srtt_us() const { return srtt8_ >> 3; }
  uint32_t rttvar_us() const { return rttvar_us_ >> 2; }
  uint32_t min_us() const { return min_.value(); }

  int64_t rto_jiffies() const { return rto_; }
  void set_rto_jiffies(int64_t rto) { rto_ = rto; }
  void BackOff() { rto_ = rto_ * 2 < rto_max_ ? rto_ * 2 : rto_max_; }
  int64_t rto_max_jiffies() const { return rto_max_; }
  int64_t rto_min_jiffies() const { return rto_min_; }
  int64_t rto_min_us() const { return rto_min_us_; }

 private:
  void SetRto(const TcpClock& clock);

  uint32_t srtt8_ = 0;
  uint32_t mdev_us_ = 0;
  uint32_t mdev_max_us_ = 0;
  uint32_t rttvar_us_ = 0;
  SeqNum rtt_seq_;
  WindowedMin min_;
  int64_t rto_min_us_;
  int64_t rto_min_;
  int64_t rto_max_;
  int64_t rto_;
};

}  // namespace ddpsim

#endif  // DDPSIM_MODELS_TCP_RTT_H_
