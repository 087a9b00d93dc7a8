#include "models/tcp/sender.h"

#include <catch2/catch.hpp>

#include "loopback.h"
#include "plain_sender.h"

namespace ddpsim {
TEST_CASE("the initial window is ten segments, and slow start adds one per acknowledged segment") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e);
  e.Ack(1001);
  CHECK(e.SentLine() == "10001:11001, 11001:12001");
  CHECK(e.c().Info().snd_cwnd == 11);
  e.Ack(3001);
  CHECK(e.c().Info().snd_cwnd == 13);
}

TEST_CASE("the first two SACKs release one new segment each, the third the retransmission") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e);
  e.Ack(1, {{1001, 2001}});
  CHECK(e.SentLine() == "10001:11001");
  CHECK(e.c().Info().ca_state == CaState::kDisorder);
  e.Ack(1, {{1001, 3001}});
  CHECK(e.SentLine() == "11001:12001");
  e.Ack(1, {{1001, 4001}});
  CHECK(e.SentLine() == "1:1001");
  const TcpInfo info = e.c().Info();
  CHECK(info.ca_state == CaState::kRecovery);
  CHECK(info.snd_ssthresh == 5);
  CHECK(info.lost == 1);
  CHECK(info.retrans == 1);
}

TEST_CASE("without SACK the third duplicate ACK retransmits, and a partial ACK the next hole") {
  TcpConfig config = Plain();
  config.sack = false;
  Endpoint e(config, kRtt, 1000);
  Start(e);
  e.Ack(1);
  e.Ack(1);
  CHECK(e.SentLine() == "10001:11001, 11001:12001");
  e.Ack(1);
  CHECK(e.SentLine() == "1:1001");
  e.Ack(3001);
  e.Ack(3001);
  CHECK(e.SentLine() == "3001:4001");
  CHECK(e.c().Info().ca_state == CaState::kRecovery);
}

TEST_CASE("PRR sends one segment per two ACKs down to ssthresh with Reno") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e);
  for (uint32_t sacked = 1; sacked <= 3; ++sacked) e.Ack(1, {{1001, 1001 + sacked * 1000}});
  e.Sent();
  size_t sent = 0;
  for (uint32_t sacked = 4; sacked <= 9; ++sacked) {
    e.Ack(1, {{1001, 1001 + sacked * 1000}});
    sent += e.Sent().size();
  }
  // ceil(prr_delivered / 2) - prr_out, until the pipe has come down to ssthresh.
  CHECK(sent == 2);
  CHECK(e.c().Info().ca_state == CaState::kRecovery);
  CHECK(e.c().tcb().InFlight() == 5);
}

TEST_CASE("a recovery ends with cwnd at ssthresh") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e, 12'000);
  for (uint32_t sacked = 1; sacked <= 3; ++sacked) e.Ack(1, {{1001, 1001 + sacked * 1000}});
  e.Wait(kRtt);
  e.Ack(12001);
  const TcpInfo info = e.c().Info();
  CHECK(info.ca_state == CaState::kOpen);
  CHECK(info.snd_ssthresh == 5);
  CHECK(info.snd_cwnd == 6);  // ssthresh, and congestion avoidance by this ACK's nine segments
}

TEST_CASE("a lone SACK starts the reordering timer, a quarter of the minimum RTT and two ms long") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e, 2000 + 8000);
  e.Ack(1, {{1001, 2001}});
  CHECK(e.SentLine() == "");
  e.Wait(11_ms);
  CHECK(e.SentLine() == "");
  e.Wait(9_ms);
  CHECK(e.Sent().front() == "1:1001");
  CHECK(e.c().Info().ca_state == CaState::kRecovery);
}

TEST_CASE("a tail loss probe leaves two RTTs and 2 ms after the last transmission") {
  Endpoint e(Plain(), kRtt, 1000);
  e.Write(5000);
  e.Sent();
  e.Wait(81_ms);
  CHECK(e.SentLine() == "");
  e.Wait(8_ms);
  CHECK(e.SentLine() == "4001:5001");
  CHECK(e.c().stats().tlp_probes == 1);
  CHECK(e.c().Info().ca_state == CaState::kOpen);
}

TEST_CASE("a tail loss probe that repaired a loss halves the window once") {
  Endpoint e(Plain(), kRtt, 1000);
  e.Write(5000);
  e.Wait(90_ms);
  e.Write(1000);
  e.Ack(4001);
  e.Wait(kRtt);
  e.Ack(6001);
  CHECK(e.c().stats().tlp_recoveries == 1);
  CHECK(e.c().Info().snd_ssthresh == 7);  // slow start had come to 14
  CHECK(e.c().Info().snd_cwnd == 7);
}

TEST_CASE("RTOs double, retransmit the head only, and leave one segment of cwnd") {
  TcpConfig config = Plain();
  config.tlp = false;
  Endpoint e(config, kRtt, 1000);
  Start(e);
  e.Wait(150_ms);
  CHECK(e.SentLine() == "");
  e.Wait(70_ms);
  CHECK(e.SentLine() == "1:1001");
  CHECK(e.c().Info().ca_state == CaState::kLoss);
  CHECK(e.c().Info().snd_cwnd == 1);
  e.Wait(450_ms);
  CHECK(e.SentLine() == "");
  e.Wait(90_ms);
  CHECK(e.SentLine() == "1:1001");
  CHECK(e.c().Info().backoff == 2);
}

TEST_CASE("F-RTO takes a timeout back when the original arrives") {
  TcpConfig config = Plain();
  config.tlp = false;
  Endpoint e(config, kRtt, 1000);
  Start(e);
  e.Wait(220_ms);
  CHECK(e.SentLine() == "1:1001");
  e.Ack(1001);
  CHECK(e.SentLine() == "10001:11001, 11001:12001");
  e.Ack(2001);
  CHECK(e.c().stats().spurious_rtos == 1);
  CHECK(e.c().Info().ca_state == CaState::kOpen);
  CHECK(e.c().Info().snd_cwnd >= 10);
}

TEST_CASE("DSACKs for all retransmissions undo the reduction") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e);
  for (uint32_t sacked = 1; sacked <= 3; ++sacked) e.Ack(1, {{1001, 1001 + sacked * 1000}});
  e.Wait(5_ms);
  e.Ack(4001);
  CHECK(e.c().Info().snd_cwnd < 10);
  e.Wait(kRtt);
  e.Ack(4001, {{1, 1001}});
  CHECK(e.c().stats().undo == 1);
  CHECK(e.c().Info().ca_state == CaState::kOpen);
  CHECK(e.c().Info().snd_cwnd >= 10);
}

TEST_CASE("a timestamp older than the retransmission undoes the reduction") {
  TcpConfig config = Plain();
  config.timestamps = true;
  Endpoint e(config, kRtt, 1012);
  e.Write(100'000);
  e.Sent();
  const uint32_t original = e.last_ts_val();
  e.Wait(kRtt);
  e.SetPeerTimestamps(1040, original);
  for (uint32_t sacked = 1; sacked <= 3; ++sacked) e.Ack(1, {{1001, 1001 + sacked * 1000}});
  CHECK(e.c().Info().ca_state == CaState::kRecovery);
  e.Wait(5_ms);
  e.Ack(4001);
  CHECK(e.c().stats().undo == 1);
  CHECK(e.c().Info().ca_state < CaState::kRecovery);
}

TEST_CASE("reordering beyond three segments raises the reordering degree") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e);
  e.Ack(1, {{5001, 6001}});
  e.Ack(6001);
  CHECK(e.c().Info().reord_seen > 0);
  CHECK(e.c().Info().reordering >= 5);
}

TEST_CASE("a zero window is probed after RTO, two RTOs, four RTOs") {
  Endpoint e(Plain(), kRtt, 1000);
  e.Write(2000);
  e.Wait(kRtt);
  e.Ack(2001, {}, 0);
  e.Write(3000);
  e.Sent();
  e.Wait(235_ms);
  CHECK(e.SentLine() == "");
  e.Wait(20_ms);
  CHECK(e.Sent().size() == 1);
  e.Wait(450_ms);
  CHECK(e.SentLine() == "");
  e.Wait(70_ms);
  CHECK(e.Sent().size() == 1);
  CHECK(e.c().Info().probes == 2);
  e.Ack(2001);
  CHECK(e.SentLine() == "2001:3001, 3001:4001, 4001:5001");
}

TEST_CASE("an idle connection restarts from the initial window if the sysctl says so") {
  TcpConfig config = Plain();
  config.slow_start_after_idle = GENERATE(true, false);
  Endpoint e(config, kRtt, 1000);
  e.Write(60'000);
  for (uint32_t acked = 0; acked < 60; ++acked) {
    if (acked % 10 == 0) e.Wait(kRtt);
    e.Ack(acked * 1000 + 1001);
  }
  const uint32_t before = e.c().Info().snd_cwnd;
  REQUIRE(before > 20);
  e.Wait(20_s);
  e.Sent();
  e.Write(100'000);
  CHECK(e.Sent().size() == (config.slow_start_after_idle ? 10 : before));
}

// tcp_ack_update_window(): the restart is looked at when a closed window opens, too.
TEST_CASE("idle is counted from the last byte sent, not from a write that had to wait") {
  constexpr SimTime kFar = 100_ms;  // RTO 300 ms
  TcpConfig config = Plain();
  config.slow_start_after_idle = true;
  Endpoint e(config, kFar, 1000);
  e.Write(10'000);
  e.Wait(90_ms);
  e.Write(40'000);  // the window of congestion is full
  e.Wait(10_ms);
  e.Ack(10'001, {}, 0);
  CHECK(e.c().Info().snd_cwnd == 20);
  e.Wait(250_ms);
  e.Sent();
  e.Ack(10'001);
  CHECK(e.Sent().size() == 10);
}

TEST_CASE("an ACK beyond what was sent acknowledges nothing and is challenged") {
  Endpoint e(Plain(), kRtt, 1000);
  Start(e, 10'000);
  e.Ack(20'001);
  CHECK(e.c().Info().unacked == 10);
  CHECK(e.SentLine() == "ack 1");
}

// tcp_sndbuf_expand(): 2 x 10 skbs, each a segment with MAX_TCP_HEADER and skb_shared_info (320
// bytes each) rounded up to a power of two, and 256 bytes of struct sk_buff. 87040 is what every
// Ethernet connection of Linux begins with.
TEST_CASE("the send buffer of a new connection holds two initial windows of Linux's skbs") {
  TcpConfig config = Plain();
  config.sndbuf = 0;  // tcp_wmem[1]
  CHECK(Endpoint(config, kRtt, 1460).c().tcb().sndbuf == 87040);
  CHECK(Endpoint(config, kRtt, 1000).c().tcb().sndbuf == 46080);
}

// tcp_cwnd_application_limited(), RFC 7661's predecessor RFC 2861: per RTO.
TEST_CASE("a window that is not used shrinks towards what is used, once per RTO") {
  TcpConfig config = Plain();
  config.slow_start_after_idle = true;
  Endpoint e(config, kRtt, 1000);
  e.Write(10'000);
  e.Wait(kRtt);
  e.Ack(10'001);
  REQUIRE(e.c().Info().snd_cwnd == 20);
  // Neither is idle as long as the RTO of 240 ms, but nothing has moved the window for 250 ms.
  e.Wait(180_ms);
  e.Write(1000);
  CHECK(e.c().Info().snd_cwnd == 20);
  e.Wait(70_ms);
  e.Write(1000);
  CHECK(e.c().Info().snd_cwnd == 15);  // half of the way to the initial window
}

// tcp_bound_to_half_wnd(): half of the largest window, whole ones up to 536 bytes, but room for 68
// bytes of TCP and its options; nothing while no window was offered.
TEST_CASE("small windows bound the segments, and one that is closed from the beginning does not") {
  const auto mss = [](uint32_t window, bool timestamps = false) {
    TcpConfig config = Plain();
    config.timestamps = timestamps;
    return Endpoint(config, kRtt, 1000, window).c().Info().snd_mss;
  };
  CHECK(mss(0) == 1000);
  CHECK(mss(1024) == 512);
  CHECK(mss(512) == 512);
  CHECK(mss(256) == 256);
}

TEST_CASE("a FIN's memory is the send buffer's until it is acknowledged") {
  Endpoint e(Plain(), kRtt, 1000);
  TcpActions actions;
  e.c().ShutdownWrite(e.now(), &actions);
  CHECK(e.c().tcb().wmem_queued > 0);
  e.Ack(2);
  CHECK(e.c().tcb().wmem_queued == 0);
}

TEST_CASE("SACK reneging falls back to a timeout and still delivers") {
  TcpConfig config = Plain();
  config.tlp = false;
  Endpoint e(config, kRtt, 1000);
  Start(e, 10'000);
  e.Ack(1, {{1001, 2001}});
  e.Ack(1001);  // and 1001:2001 is not there any more
  e.Wait(400_ms);
  CHECK(e.c().stats().sack_reneging == 1);
  CHECK(BrokenInvariant(e.c()) == "");
}

}  // namespace ddpsim
