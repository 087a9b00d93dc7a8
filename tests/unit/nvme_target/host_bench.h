// A TargetHost on a wire of its own and hosts made of real TCP connections at the other end: 100
// Gb/s unless told, a delay, frames that a test may drop or alter.
#ifndef DDPSIM_TESTS_UNIT_NVME_TARGET_HOST_BENCH_H_
#define DDPSIM_TESTS_UNIT_NVME_TARGET_HOST_BENCH_H_

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "ddpsim/wire/segment_writer.h"
#include "models/nvme_target/target_host.h"
#include "tests/unit/nvme_target/host_pdus.h"

namespace ddpsim {

// One direction: frames leave one after another and arrive in order.
class TestWire final : public EgressPort, private Wakeable {
 public:
  using Filter = std::function<FramePtr(FramePtr)>;  // null: the frame is lost

  TestWire(Calendar* calendar, std::function<void(FramePtr, SimTime)> deliver,
           std::function<void(uint64_t, SimTime)> departed)
      : deliver_(std::move(deliver)), departed_(std::move(departed)), timer_(calendar, this) {}

  void Send(OutFrame out) override {
    free_at_ = std::max(free_at_, out.ready) + SerializationTime(out.frame->size() + 24, gbps);
    if (out.completion_token != 0) Add({free_at_, nullptr, out.completion_token});
    FramePtr frame = filter ? filter(std::move(out.frame)) : std::move(out.frame);
    if (frame) Add({free_at_ + delay, std::move(frame), 0});
  }

  Filter filter;
  SimTime delay = 10_us;
  int64_t gbps = 100;

 private:
  struct Event {
    SimTime at;
    FramePtr frame;
    uint64_t token;
  };
  void Add(Event event) {
    auto place = events_.end();
    while (place != events_.begin() && std::prev(place)->at > event.at) --place;
    events_.insert(place, std::move(event));
    timer_.Arm(events_.front().at);
  }
  void OnDeadline(SimTime now) override {
    while (!events_.empty() && events_.front().at <= now) {
      Event event = std::move(events_.front());
      events_.pop_front();
      event.token != 0 ? departed_(event.token, now) : deliver_(std::move(event.frame), now);
    }
    if (!events_.empty()) timer_.Arm(events_.front().at);
  }

  std::function<void(FramePtr, SimTime)> deliver_;
  std::function<void(uint64_t, SimTime)> departed_;
  Deadline timer_;
  SimTime free_at_;
  std::deque<Event> events_;
};

// One connection of the host, read at once.
class TestPeer final : private Wakeable {
 public:
  TestPeer(uint16_t port, const TcpConfig& tcp, Calendar* calendar, FramePool* frames,
           TestWire* wire)
      : port_(port),
        connection_(tcp, port, 4420, 77),
        timer_(calendar, this),
        frames_(frames),
        wire_(wire) {}

  void Connect(SimTime now) {
    connection_.Connect(now, &actions_);
    Apply(now);
  }
  void Write(const Bytes& bytes, SimTime now) {
    written_.push_back(bytes);
    const Bytes& kept = written_.back();
    const Payload payload{kept.data(), static_cast<uint32_t>(kept.size()), 0, nullptr};
    SIM_CHECK(connection_.Write(payload, {}, now, &actions_) == kept.size());
    Apply(now);
  }
  void Close(SimTime now) {
    connection_.Close(now, &actions_);
    Apply(now);
  }
  void OnFrame(const FramePtr& frame, const ParsedFrame& parsed, SimTime now) {
    SkbPtr skb = pool_.Allocate();
    skb->tcp = parsed.tcp;
    skb->seq = parsed.tcp.seq;
    skb->size = static_cast<uint32_t>(parsed.payload.size());
    skb->truesize = 2304;
    if (skb->size != 0) skb->frags.push_back({parsed.payload.data(), skb->size, 0, frame});
    connection_.OnSegment(std::move(skb), now, &actions_);
    Apply(now);
  }
  Connection& connection() { return connection_; }
  uint16_t port() const { return port_; }

  Bytes received;
  std::function<void(SimTime)> on_data;  // after `received` grew

 private:
  void OnDeadline(SimTime now) override {
    connection_.OnTimer(now, &actions_);
    Apply(now);
  }
  void Apply(SimTime now) {
    Transmit(now);
    const bool ready = actions_.data_ready;
    actions_.Clear();
    if (ready) Read(now);
    const SimTime next = connection_.NextDeadline();
    timer_.Arm(next.is_never() ? next : std::max(next, now));
    if (ready && on_data) on_data(now);
  }
  void Transmit(SimTime now) {
    while (!actions_.segments.empty()) {
      std::vector<TxSegment> segments;
      segments.swap(actions_.segments);
      for (const TxSegment& segment : segments) {
        EthIpAddresses addresses;
        addresses.source_mac = {2, 0, 0, 0, 0, 2};
        addresses.source_ip = 0x0a090002;
        addresses.destination_ip = 0x0a090001;
        SegmentCutter cutter(addresses, 0, segment.tcp, segment.payload, 0, segment.payload_size,
                             segment.gso_size);
        while (!cutter.done()) wire_->Send({cutter.Next(*frames_), now, 0, 0});
        if (segment.truesize != 0) connection_.OnTxCompleted(segment.truesize, now, &actions_);
      }
    }
  }
  void Read(SimTime now) {
    uint32_t copied = 0;
    while (Skb* skb = connection_.PeekReceiveQueue()) {
      for (const Payload& run : skb->frags)
        received.insert(received.end(), run.data, run.data + run.size);
      copied += skb->size;
      connection_.ConsumeReceiveQueue(skb->size);
    }
    if (copied == 0) return;
    connection_.OnAppRead(copied, now, &actions_);
    Transmit(now);
  }

  SkbPool pool_;
  uint16_t port_;
  Connection connection_;
  TcpActions actions_;
  Deadline timer_;
  FramePool* frames_;
  TestWire* wire_;
  std::deque<Bytes> written_;
};

class HostBench {
 public:
  explicit HostBench(TargetConfig config = {}, bool header_digest = true, bool data_digest = true)
      : content(ContentKind::kPattern, 1, header_digest, data_digest),
        framing{header_digest, data_digest, 0},
        to_host(
            &calendar, [this](FramePtr f, SimTime t) { OnHostFrame(std::move(f), t); },
            [this](uint64_t token, SimTime t) { target.OnTxDeparted(token, t); }),
        to_target(
            &calendar, [this](FramePtr f, SimTime t) { target.OnFrame(std::move(f), t); },
            [](uint64_t, SimTime) {}),
        target(config, {&frames, &calendar, &to_host, &content, nullptr}),
        tcp(config.tcp) {
    tcp.rcvbuf = tcp.sndbuf = 64 << 20;
  }

  TestPeer& Open(uint16_t port) {
    peers.push_back(std::make_unique<TestPeer>(port, tcp, &calendar, &frames, &to_target));
    peers.back()->Connect(now);
    RunFor(1_ms);
    return *peers.back();
  }
  // Everything up to the end of Connect; `cntlid` of an I/O queue's controller.
  TestPeer& OpenQueue(uint16_t port, uint16_t qid, uint16_t cntlid, bool disable_sqflow = false) {
    TestPeer& peer = Open(port);
    peer.Write(IcReqPdu(framing.header_digest, framing.data_digest), now);
    RunFor(1_ms);
    peer.Write(CommandPdu(ConnectSqe(qid, 127, disable_sqflow), framing, ConnectBytes(cntlid)),
               now);
    RunFor(1_ms);
    return peer;
  }
  TestPeer& OpenIo(bool disable_sqflow = false) {
    OpenQueue(40000, 0, 0xffff, disable_sqflow);
    TestPeer& io = OpenQueue(40001, 1, 1, disable_sqflow);
    io.received.clear();
    return io;
  }
  void RunFor(SimTime d) {
    const SimTime limit = now + d;
    SimTime at;
    while (Wakeable* who = calendar.PopDue(limit, &at)) {
      now = at;
      who->OnDeadline(at);
    }
    now = limit;
  }
  Bytes ContentAt(uint64_t offset, uint32_t length) const {
    Bytes out(length);
    content.Fill(offset, MutableByteSpan(out));
    return out;
  }

  Calendar calendar;
  FramePool frames;
  Content content;
  PduFraming framing;
  TestWire to_host;
  TestWire to_target;
  TargetHost target;
  TcpConfig tcp;
  std::vector<std::unique_ptr<TestPeer>> peers;
  SimTime now;
  std::function<void(const Frame&, const ParsedFrame&)> tap;  // frames that reach the host

 private:
  void OnHostFrame(FramePtr frame, SimTime at) {
    ParsedFrame parsed;
    SIM_CHECK(ParseFrame(frame->bytes(), &parsed) && VerifyIpv4Checksum(frame->bytes(), parsed));
    SIM_CHECK(TcpChecksumIsRight(frame->bytes(), parsed));
    if (tap) tap(*frame, parsed);
    for (const auto& peer : peers) {
      if (peer->port() == parsed.tuple.flow.destination_port) peer->OnFrame(frame, parsed, at);
    }
  }
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_NVME_TARGET_HOST_BENCH_H_
