#include "models/tcp/cubic.h"

#include <algorithm>

namespace ddpsim {
namespace {

// tcp_cubic.c: BICTCP_BETA_SCALE, beta, bic_scale = 41 (C = bic_scale * 10 / 1024), BICTCP_HZ.
constexpr uint32_t kScale = 1024;
constexpr uint32_t kBeta = 717;
constexpr uint64_t kCubeRttScale = 41 * 10;
constexpr int kTimeShift = 10;
constexpr uint64_t kCubeFactor = (uint64_t{1} << (10 + 3 * kTimeShift)) / kCubeRttScale;
constexpr uint32_t kBetaScale = 8 * (kScale + kBeta) / 3 / (kScale - kBeta);

// hystart_low_window, hystart_ack_delta_us, HYSTART_MIN_SAMPLES, HYSTART_DELAY_MIN/MAX.
constexpr uint32_t kLowWindow = 16;
constexpr int64_t kAckDeltaUs = 2000;
constexpr uint8_t kMinSamples = 8;
constexpr uint32_t kDelayMinUs = 4000;
constexpr uint32_t kDelayMaxUs = 16000;

}  // namespace

uint32_t CubicRoot(uint64_t a) {
  uint64_t root = 0;
  for (int shift = 63; shift >= 0; shift -= 3) {
    root <<= 1;
    // (root + 1)^3 - root^3
    const uint64_t step = 3 * root * (root + 1) + 1;
    if ((a >> shift) >= step) {
      a -= step << shift;
      ++root;
    }
  }
  return static_cast<uint32_t>(root);
}

void Cubic::Init(const CwndState& cwnd, const CcView& view) { HystartReset(view); }

uint32_t Cubic::Ssthresh(const CwndState& cwnd) {
  epoch_start_ = 0;
  // Fast convergence: a flow that never got back to its old maximum gives room (RFC 9438
  // section 4.7).
  last_max_cwnd_ =
      cwnd.cwnd < last_max_cwnd_ ? cwnd.cwnd * (kScale + kBeta) / (2 * kScale) : cwnd.cwnd;
  return std::max(cwnd.cwnd * kBeta / kScale, 2u);
}

void Cubic::CongAvoid(CwndState* cwnd, const CcView& view, uint32_t acked) {
  if (!cwnd->IsCwndLimited()) return;
  if (cwnd->InSlowStart()) {
    acked = cwnd->SlowStart(acked);
    if (acked == 0) return;
  }
  Update(view.clock, cwnd->cwnd, acked);
  cwnd->AdditiveIncrease(cnt_, acked);
}

void Cubic::OnStateChange(CaState state, const CcView& view) {
  if (state != CaState::kLoss) return;
  cnt_ = last_max_cwnd_ = last_cwnd_ = origin_point_ = k_ = delay_min_us_ = ack_cnt_ = tcp_cwnd_ =
      0;
  last_time_ = epoch_start_ = 0;
  found_ = false;
  HystartReset(view);
}

void Cubic::OnTransmitStart(const CcView& view) {
  // Idle time must not count as growth time: shift the epoch so that t grows only while sending.
  const int64_t now = view.clock.jiffies();
  const int64_t idle = now - view.last_sent_jiffies;
  if (epoch_start_ != 0 && idle > 0) epoch_start_ = std::min(epoch_start_ + idle, now);
}

void Cubic::OnPacketsAcked(CwndState* cwnd, const CcView& view, int64_t rtt_us) {
  if (rtt_us < 0) return;
  // Samples of the first second after a loss are ignored.
  if (epoch_start_ != 0 && view.clock.jiffies() - epoch_start_ < view.clock.hz()) return;
  const auto delay = static_cast<uint32_t>(std::max<int64_t>(rtt_us, 1));
  if (delay_min_us_ == 0 || delay_min_us_ > delay) delay_min_us_ = delay;
  if (!found_ && hystart_ && cwnd->InSlowStart()) HystartUpdate(cwnd, view, delay);
}

void Cubic::StartEpoch(const TcpClock& clock, uint32_t cwnd, uint32_t acked) {
  epoch_start_ = clock.jiffies();
  ack_cnt_ = acked;
  tcp_cwnd_ = cwnd;
  if (last_max_cwnd_ <= cwnd) {
    k_ = 0;
    origin_point_ = cwnd;
  } else {
    k_ = CubicRoot(kCubeFactor * (last_max_cwnd_ - cwnd));
    origin_point_ = last_max_cwnd_;
  }
}

void Cubic::FollowCubic(const TcpClock& clock, uint32_t cwnd) {
  const int64_t elapsed = clock.jiffies() - epoch_start_ + clock.UsToJiffies(delay_min_us_);
  const uint64_t t =
      (static_cast<uint64_t>(elapsed) << kTimeShift) / static_cast<uint64_t>(clock.hz());
  const uint64_t offset = t < k_ ? k_ - t : t - k_;
  const auto delta =
      static_cast<uint32_t>((kCubeRttScale * offset * offset * offset) >> (10 + 3 * kTimeShift));
  const uint32_t target = t < k_ ? origin_point_ - delta : origin_point_ + delta;
  cnt_ = target > cwnd ? cwnd / (target - cwnd) : 100 * cwnd;
  // Before the first loss the bandwidth is unknown: grow at least 5 % per RTT.
  if (last_max_cwnd_ == 0 && cnt_ > 20) cnt_ = 20;
}

void Cubic::FollowReno(uint32_t cwnd) {
  const uint32_t per_segment = (cwnd * kBetaScale) >> 3;
  while (ack_cnt_ > per_segment) {
    ack_cnt_ -= per_segment;
    ++tcp_cwnd_;
  }
  if (tcp_cwnd_ > cwnd) cnt_ = std::min(cnt_, cwnd / (tcp_cwnd_ - cwnd));
}

void Cubic::Update(const TcpClock& clock, uint32_t cwnd, uint32_t acked) {
  ack_cnt_ += acked;
  const int64_t now = clock.jiffies();
  if (last_cwnd_ == cwnd && now - last_time_ <= clock.hz() / 32) return;
  // The cubic function moves once per jiffy at most; the Reno estimate follows every ACK.
  if (epoch_start_ == 0 || now != last_time_) {
    last_cwnd_ = cwnd;
    last_time_ = now;
    if (epoch_start_ == 0) StartEpoch(clock, cwnd, acked);
    FollowCubic(clock, cwnd);
  }
  FollowReno(cwnd);
  cnt_ = std::max(cnt_, 2u);
}

void Cubic::HystartReset(const CcView& view) {
  round_start_us_ = last_ack_us_ = view.clock.us();
  end_seq_ = view.snd_nxt;
  curr_rtt_us_ = ~0u;
  sample_cnt_ = 0;
}

bool Cubic::AckTrainTooLong(const CcView& view) {
  const int64_t now = view.clock.us();
  if (now - last_ack_us_ > kAckDeltaUs) return false;
  last_ack_us_ = now;
  // The sender is not paced (SK_PACING_NONE): half of (min RTT + 4 super-segments at the pacing
  // rate, 1 ms at most).
  constexpr uint64_t kGsoMax = 65536 - 321;  // sk_gso_max_size
  const uint64_t ack_delay =
      view.pacing_rate == 0 ? 0
                            : std::min<uint64_t>(1000, kGsoMax * 4 * 1'000'000 / view.pacing_rate);
  return now - round_start_us_ > static_cast<int64_t>((delay_min_us_ + ack_delay) >> 1);
}

void Cubic::HystartUpdate(CwndState* cwnd, const CcView& view, uint32_t delay_us) {
  if (view.snd_una > end_seq_) HystartReset(view);
  if (cwnd->cwnd < kLowWindow) return;
  if (AckTrainTooLong(view)) {
    found_ = true;
    cwnd->ssthresh = cwnd->cwnd;
  }
  curr_rtt_us_ = std::min(curr_rtt_us_, delay_us);
  if (sample_cnt_ < kMinSamples) {
    ++sample_cnt_;
  } else if (curr_rtt_us_ >
             delay_min_us_ + std::clamp(delay_min_us_ >> 3, kDelayMinUs, kDelayMaxUs)) {
    found_ = true;
    cwnd->ssthresh = cwnd->cwnd;
  }
}

}  // namespace ddpsim
