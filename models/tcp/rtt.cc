#include "models/tcp/rtt.h"

#include <algorithm>

namespace ddpsim {

void WindowedMin::Reset(int64_t time, uint32_t value) {
  samples_[0] = samples_[1] = samples_[2] = Sample{time, value};
}

void WindowedMin::Update(int64_t window, int64_t time, uint32_t value) {
  const Sample sample{time, value};
  if (value <= samples_[0].value || time - samples_[2].time > window) {
    Reset(time, value);
    return;
  }
  if (value <= samples_[1].value) {
    samples_[1] = samples_[2] = sample;
  } else if (value <= samples_[2].value) {
    samples_[2] = sample;
  }
  UpdateSubwindow(window, sample);
}

void WindowedMin::UpdateSubwindow(int64_t window, const Sample& sample) {
  const int64_t age = sample.time - samples_[0].time;
  if (age > window) {
    samples_[0] = samples_[1];
    samples_[1] = samples_[2];
    samples_[2] = sample;
    if (sample.time - samples_[0].time > window) {
      samples_[0] = samples_[1];
      samples_[1] = samples_[2];
      samples_[2] = sample;
    }
  } else if (samples_[1].time == samples_[0].time && age > window / 4) {
    samples_[1] = samples_[2] = sample;
  } else if (samples_[2].time == samples_[1].time && age > window / 2) {
    samples_[2] = sample;
  }
}

RttEstimator::RttEstimator(const TcpClock& clock, int64_t rto_min_us, int64_t rto_max_us,
                           int64_t rto_init_us)
    : mdev_us_(static_cast<uint32_t>(rto_init_us)),
      rto_min_us_(rto_min_us),
      rto_min_(clock.UsToJiffies(rto_min_us)),
      rto_max_(clock.UsToJiffies(rto_max_us)),
      rto_(clock.UsToJiffies(rto_init_us)) {}

void RttEstimator::AddSample(int64_t rtt_us, SeqNum snd_una, SeqNum snd_nxt,
                             const TcpClock& clock) {
  const auto rto_min = static_cast<uint32_t>(rto_min_us_);
  if (srtt8_ == 0) {
    srtt8_ = static_cast<uint32_t>(rtt_us << 3);
    mdev_us_ = static_cast<uint32_t>(rtt_us << 1);
    mdev_max_us_ = rttvar_us_ = std::max(mdev_us_, rto_min);
    rtt_seq_ = snd_nxt;
  } else {
    int64_t error = rtt_us - (srtt8_ >> 3);
    srtt8_ = static_cast<uint32_t>(srtt8_ + error);
    if (error < 0) {
      // A falling RTT must not raise the variance at full gain (Eifel, Ludwig & Sklower).
      error = -error - (mdev_us_ >> 2);
      if (error > 0) error >>= 3;
    } else {
      error -= mdev_us_ >> 2;
    }
    mdev_us_ = static_cast<uint32_t>(mdev_us_ + error);
    if (mdev_us_ > mdev_max_us_) {
      mdev_max_us_ = mdev_us_;
      rttvar_us_ = std::max(rttvar_us_, mdev_max_us_);
    }
    if (snd_una > rtt_seq_) {
      if (mdev_max_us_ < rttvar_us_) rttvar_us_ -= (rttvar_us_ - mdev_max_us_) >> 2;
      rtt_seq_ = snd_nxt;
      mdev_max_us_ = rto_min;
    }
  }
  srtt8_ = std::max(srtt8_, 1u);
  SetRto(clock);
}

void RttEstimator::FallBack(const TcpClock& clock) {
  constexpr int64_t kFallbackUs = 3'000'000;  // Linux 6.1 TCP_TIMEOUT_FALLBACK
  rttvar_us_ = mdev_us_ = mdev_max_us_ = static_cast<uint32_t>(kFallbackUs);
  rto_ = std::min(clock.UsToJiffies(kFallbackUs), rto_max_);
}

void RttEstimator::AddMinSample(int64_t rtt_us, const TcpClock& clock) {
  constexpr int64_t kWindowSeconds = 300;  // sysctl tcp_min_rtt_wlen
  const int64_t value = rtt_us > 0 ? rtt_us : clock.JiffiesToUs(1);
  min_.Update(kWindowSeconds * clock.hz(), clock.jiffies(), static_cast<uint32_t>(value));
}

void RttEstimator::SetRto(const TcpClock& clock) {
  rto_ = std::min(clock.UsToJiffies((srtt8_ >> 3) + rttvar_us_), rto_max_);
}

}  // namespace ddpsim
