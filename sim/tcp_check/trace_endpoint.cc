#include "sim/tcp_check/trace_endpoint.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/tcp_check/segment_text.h"
#include "sim/tcp_check/trace_settings.h"

namespace ddpsim {
namespace {

// Any numbers do: the script's are relative.
constexpr uint32_t kIss = 7'000'000;
constexpr uint32_t kPeerIss = 3'000'000;
constexpr uint16_t kLocalPort = 4420;
constexpr uint16_t kPeerPort = 40000;

// The recorded packets came through a tun device (drivers/net/tun.c tun_alloc_skb()): linear skbs
// that TCP merges only if one fits into the other's tail room. Nine frags are not merged either
// (MAX_SKB_FRAGS is 17).
constexpr uint32_t kUnmergeableFrags = 9;

constexpr uint32_t kLargestPayload = 1 << 20;

// Padded to words.
uint32_t OptionBytes(const TcpOptions& options) {
  const uint32_t bytes = (options.mss ? 4 : 0) + (options.window_scale ? 3 : 0) +
                         (options.sack_permitted ? 2 : 0) + (options.has_timestamps ? 10 : 0) +
                         (options.sack_count != 0 ? 2 + 8 * options.sack_count : 0);
  return (bytes + 3) / 4 * 4;
}

// Memory of a packet that a tun device takes (Linux 6.18 drivers/net/tun.c tun_alloc_skb(), 4 KiB
// pages): up to SKB_MAX_HEAD(NET_SKB_PAD) bytes are linear, the rest lies in pages.
void ChargeMemory(Skb* skb) {
  constexpr uint32_t kPage = 4096;
  constexpr uint32_t kHeadRoom = 64;  // NET_SKB_PAD
  constexpr uint32_t kSharedInfo = 320;
  constexpr uint32_t kMaxHead = kPage - kHeadRoom - kSharedInfo;
  const uint32_t packet =
      skb->size + 40 + OptionBytes(skb->tcp.options);  // with IP and TCP headers
  const uint32_t paged = packet > kMaxHead ? packet - kMaxHead : 0;
  const uint32_t linear = kHeadRoom + packet - paged;
  skb->truesize = LinearTruesize(linear) + (paged + kPage - 1) / kPage * kPage;
  skb->tailroom = paged != 0 ? 0 : LinearTailroom(linear);
}

// What the bytes are is never looked at; all payloads share these. REQUIRES: offset + size <=
// kLargestPayload.
Payload AnyPayload(uint32_t size, uint32_t offset = 0) {
  static const auto& bytes = *new std::vector<uint8_t>(kLargestPayload);
  return Payload{bytes.data() + offset, size, 0, nullptr};
}

void FillOptions(const TraceSegment& segment, uint32_t ecr, TcpOptions* options) {
  options->mss = segment.mss;
  options->window_scale = segment.wscale;
  options->sack_permitted = segment.sack_ok;
  if (segment.ts) {
    options->has_timestamps = true;
    options->ts_val = segment.ts->val;
    options->ts_ecr = ecr;
  }
  for (const auto& [left, right] : segment.sack)
    options->sack[options->sack_count++] = SackBlock{SeqNum(kIss + left), SeqNum(kIss + right)};
}

TraceSegment Relative(const TcpHeader& tcp, uint8_t ip_ecn, uint32_t size, int window_scale) {
  TraceSegment out;
  out.flags = tcp.flags;
  out.seq = tcp.seq.value() - kIss;
  out.len = size;
  if ((tcp.flags & kTcpAck) != 0) out.ack = tcp.ack.value() - kPeerIss;
  out.win = int64_t{tcp.window} << ((tcp.flags & kTcpSyn) != 0 ? 0 : window_scale);
  out.win_raw = tcp.window;
  out.any_options = false;
  const TcpOptions& options = tcp.options;
  out.mss = options.mss;
  out.wscale = options.window_scale;
  out.sack_ok = options.sack_permitted;
  if (options.has_timestamps) out.ts = TraceSegment::Timestamps{options.ts_val, options.ts_ecr};
  for (size_t i = 0; i < options.sack_count; ++i)
    out.sack.emplace_back(options.sack[i].start.value() - kPeerIss,
                          options.sack[i].end.value() - kPeerIss);
  out.ip_ecn = IpEcnName(ip_ecn);
  return out;
}

}  // namespace

Connection& TraceEndpoint::connection() {
  if (connection_ == nullptr)
    connection_ = std::make_unique<Connection>(config_, kLocalPort, kPeerPort, kIss);
  return *connection_;
}

const Connection& TraceEndpoint::state() {
  // No timer is due: this only moves the connection's clock.
  connection().OnTimer(time(), &actions_);
  return connection();
}

void TraceEndpoint::Collect() {
  while (!actions_.segments.empty() || actions_.write_space) {
    std::vector<TxSegment> segments;
    segments.swap(actions_.segments);
    const bool writable = std::exchange(actions_.write_space, false);
    for (const TxSegment& segment : segments) Cut(segment);
    for (const TxSegment& segment : segments) {
      if (segment.truesize != 0) connection().OnTxCompleted(segment.truesize, time(), &actions_);
    }
    if (writable && blocked_ > 0) blocked_ -= Take(blocked_, blocked_flags_);
  }
  actions_.Clear();
}

void TraceEndpoint::Cut(const TxSegment& segment) {
  const uint32_t piece = segment.gso_size == 0 ? segment.payload_size : segment.gso_size;
  uint32_t offset = 0;
  do {
    const uint32_t size = std::min(piece, segment.payload_size - offset);
    TcpHeader tcp = segment.tcp;
    tcp.seq += offset;
    if (offset != 0) tcp.flags &= static_cast<uint8_t>(~kTcpCwr);  // SKB_GSO_TCP_ECN
    offset += size;
    if (offset != segment.payload_size) tcp.flags &= static_cast<uint8_t>(~(kTcpPsh | kTcpFin));
    const int scale = connection().tcb().opt.rcv_wscale;
    sent.push_back({now_, Relative(tcp, segment.ip_ecn, size, scale), tcp.seq.value()});
  } while (offset < segment.payload_size);
}

void TraceEndpoint::Advance(int64_t us, size_t enough) {
  while (connection_ != nullptr && connection_->NextDeadline() <= SimTime::Us(us)) {
    // Rounded up: the deadline may lie within a microsecond.
    now_ = std::max(now_, (connection_->NextDeadline() + SimTime::Ps(999'999)).us());
    connection_->OnTimer(time(), &actions_);
    Collect();
    if (sent.size() >= enough) return;
  }
  now_ = std::max(now_, us);
}

void TraceEndpoint::Listen() {
  connection().Listen();
  connection().AwaitAccept();
}

void TraceEndpoint::Connect() {
  connection().Connect(time(), &actions_);
  Collect();
}

bool TraceEndpoint::Accepted() const {
  if (connection_ == nullptr) return false;
  const TcpState state = connection_->state();
  return state != TcpState::kListen && state != TcpState::kSynReceived &&
         state != TcpState::kSynSent && state != TcpState::kClosed;
}

void TraceEndpoint::Inject(const TraceSegment& segment, uint32_t gso_size, uint32_t ecr) {
  SkbPtr skb = pool_.Allocate();
  TcpHeader& tcp = skb->tcp;
  tcp.source_port = kPeerPort;
  tcp.destination_port = kLocalPort;
  tcp.flags = segment.flags;
  tcp.seq = SeqNum(kPeerIss + segment.seq);
  if (segment.ack) tcp.ack = SeqNum(kIss + *segment.ack);
  tcp.window = segment.win_raw;
  FillOptions(segment, ecr, &tcp.options);
  skb->seq = tcp.seq;
  skb->size = segment.len;
  skb->ip_ecn = IpEcnNamed(segment.ip_ecn);
  if (gso_size != 0 && skb->size > gso_size) {
    skb->gso_size = gso_size;
    skb->segments = (skb->size + gso_size - 1) / gso_size;
  }
  const uint32_t frag = skb->size / kUnmergeableFrags + 1;
  for (uint32_t at = 0; at < skb->size; at += frag)
    skb->frags.push_back(AnyPayload(std::min(frag, skb->size - at)));
  ChargeMemory(skb.get());
  connection().OnSegment(std::move(skb), time(), &actions_);
  Collect();
}

int64_t TraceEndpoint::Take(int64_t length, WriteFlags flags) {
  int64_t taken = 0;
  while (taken < length) {
    // One write goes on where the last one ended, as in the kernel's page fragment.
    if (next_byte_ == kLargestPayload) next_byte_ = 0;
    const auto piece =
        static_cast<uint32_t>(std::min(length - taken, int64_t{kLargestPayload - next_byte_}));
    const auto got = static_cast<uint32_t>(
        connection().Write(AnyPayload(piece, next_byte_), flags, time(), &actions_));
    next_byte_ += got;
    taken += got;
    if (got < piece) break;
  }
  return taken;
}

int64_t TraceEndpoint::Write(int64_t length, WriteFlags flags, bool blocking) {
  const int64_t taken = Take(length, flags);
  const bool open = connection().may_send();
  if (blocking && open) {
    blocked_ = length - taken;
    blocked_flags_ = flags;
  }
  Collect();
  if (!open) return -1;
  return taken == 0 && length != 0 && !blocking ? -1 : blocking ? length : taken;
}

int64_t TraceEndpoint::Read(int64_t most, bool peek) {
  int64_t copied = 0;
  if (peek) {
    copied = std::min(most, static_cast<int64_t>(connection().Readable()));
  } else {
    while (Skb* skb = connection().PeekReceiveQueue()) {
      const auto take = static_cast<uint32_t>(std::min<int64_t>(most - copied, skb->size));
      if (take == 0) break;
      connection().ConsumeReceiveQueue(take);
      connection().OnSkbRead();
      copied += take;
    }
    if (copied != 0) connection().OnAppRead(static_cast<uint32_t>(copied), time(), &actions_);
    Collect();
  }
  if (copied != 0) return copied;
  return connection().AtEndOfStream() || connection().tcb().read_shut ? 0 : -1;
}

void TraceEndpoint::Close() {
  connection().Close(time(), &actions_);
  Collect();
}

void TraceEndpoint::Shutdown(bool read, bool write) {
  if (read) connection().ShutdownRead();
  if (write) connection().ShutdownWrite(time(), &actions_);
  Collect();
}

bool TraceEndpoint::SetInConfig(const TraceSetting& option) {
  const int64_t value = option.numbers.empty() ? 0 : option.numbers[0];
  TcpConfig changed = connection_ == nullptr ? config_ : connection_->config();
  if (option.name == "TCP_MAXSEG") {
    changed.max_seg = value;
  } else if (option.name == "TCP_USER_TIMEOUT") {
    changed.user_timeout_us = value * 1000;
  } else if (option.name == "TCP_NOTSENT_LOWAT") {
    changed.notsent_lowat = value;
  } else if (option.name == "TCP_CONGESTION") {
    ApplySysctl({"tcp_congestion_control", option.text, {}}, &changed);
  } else {
    return false;
  }
  config_ = changed;
  if (connection_ != nullptr) connection_->Reconfigure(changed, time());
  return true;
}

void TraceEndpoint::SetOption(const TraceSetting& option) {
  if (SetInConfig(option)) return;
  const int64_t value = option.numbers.empty() ? 0 : option.numbers[0];
  if (connection_ == nullptr) {
    // The kernel doubles both sizes (net/core/sock.c sk_setsockopt()).
    if (option.name == "SO_RCVBUF") config_.rcvbuf = 2 * value;
    if (option.name == "SO_SNDBUF") config_.sndbuf = 2 * value;
    if (option.name == "TCP_NODELAY") config_.nodelay = value != 0;
    return;
  }
  if (option.name == "SO_RCVBUF") connection_->SetReceiveBuffer(2 * value);
  if (option.name == "SO_SNDBUF") connection_->SetSendBuffer(2 * value);
  if (option.name == "TCP_NODELAY") connection_->SetNodelay(value != 0, time(), &actions_);
  if (option.name == "TCP_CORK") connection_->SetCork(value != 0, time(), &actions_);
  if (option.name == "TCP_QUICKACK") connection_->SetQuickAck(value != 0, time(), &actions_);
  Collect();
}

int64_t TraceEndpoint::InqHint() {
  const auto unread = static_cast<int64_t>(connection().Readable());
  return unread == 0 && connection().AtEndOfStream() ? 1 : unread;
}

void TraceEndpoint::SetSysctl(const TraceSetting& sysctl) {
  ApplySysctl(sysctl, &config_);
  if (connection_ == nullptr) return;
  TcpConfig changed = connection_->config();
  ApplySysctl(sysctl, &changed);
  connection_->Reconfigure(changed, time());
}

}  // namespace ddpsim
