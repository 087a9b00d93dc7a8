#include "trace_runner.h"

#include <algorithm>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "loopback.h"
#include "models/tcp/connection.h"
#include "trace_format.h"

namespace ddpsim {
namespace {

using Json = nlohmann::json;

constexpr uint32_t kIss = 7'000'000;
constexpr uint32_t kPeerIss = 3'000'000;

struct Sent {
  int64_t us;
  TcpHeader tcp;
  uint32_t size;
  int64_t window;
};

class Runner {
 public:
  explicit Runner(const Json& file)
      : file_(file),
        config_(ConfigFrom(file["config"])),
        exact_ecr_(file["ts_clock"].value("ecr_map", "exact") == "exact") {}

  TraceResult Run() {
    const Json& events = file_["events"];
    for (size_t i = 0; i < events.size(); ++i) {
      std::string problem = Do(events[i]);
      if (problem.empty()) continue;
      result_.message = "event " + std::to_string(i) + " (" +
                        std::to_string(events[i].value("t_nom", 0) / 1000.0) + " ms): " + problem;
      return result_;
    }
    result_.pass = true;
    return result_;
  }

 private:
  Connection& c() {
    if (connection_ == nullptr)
      connection_ = std::make_unique<Connection>(config_, 4420, 40000, kIss);
    return *connection_;
  }

  void Collect() {
    while (!actions_.segments.empty()) {
      std::vector<TxSegment> segments;
      segments.swap(actions_.segments);
      for (const TxSegment& segment : segments) Cut(segment);
      for (const TxSegment& segment : segments) {
        if (segment.truesize != 0)
          c().OnTxCompleted(segment.truesize, SimTime::Us(now_), &actions_);
      }
    }
    actions_.Clear();
  }

  void Cut(const TxSegment& segment) {
    const uint32_t piece = segment.gso_size == 0 ? segment.payload_size : segment.gso_size;
    uint32_t offset = 0;
    do {
      const uint32_t size = std::min(piece, segment.payload_size - offset);
      Sent sent{now_, segment.tcp, size, segment.tcp.window};
      if ((segment.tcp.flags & kTcpSyn) == 0) sent.window <<= c().tcb().opt.rcv_wscale;
      sent.tcp.seq += offset;
      offset += size;
      if (offset != segment.payload_size)
        sent.tcp.flags &= static_cast<uint8_t>(~(kTcpPsh | kTcpFin));
      fifo_.push_back(sent);
    } while (offset < segment.payload_size);
  }

  // Runs all endpoint timers due at or before `us`; stops early once something is sent if
  // `until_sent`.
  void Advance(int64_t us, bool until_sent) {
    while (connection_ != nullptr && c().NextDeadline() <= SimTime::Us(us)) {
      now_ = std::max(now_, (c().NextDeadline() + SimTime::Ps(999'999)).us());
      c().OnTimer(SimTime::Us(now_), &actions_);
      Collect();
      if (until_sent && !fifo_.empty()) return;
    }
    now_ = std::max(now_, us);
  }

  int64_t Due(const Json& e) const {
    return e.contains("at") ? e["at"].get<int64_t>() : base_ + e["dt"].get<int64_t>();
  }

  std::string Do(const Json& e) {
    const std::string op = e["op"];
    if (op == "expect") return Expect(e);
    const int64_t due = Due(e);
    Advance(due, false);
    base_ = due;
    if (op == "listen") c().Listen();
    if (op == "connect") c().Connect(SimTime::Us(now_), &actions_);
    if (op == "inject") Inject(e);
    std::string problem;
    if (op == "write") problem = Write(e);
    if (op == "read") problem = Read(e);
    if (op == "close") c().Close(SimTime::Us(now_), &actions_);
    if (op == "shutdown") {
      const std::string how = e.value("how", "WR");
      if (how != "WR") read_shut_ = true;
      if (how != "RD") c().ShutdownWrite(SimTime::Us(now_), &actions_);
    }
    if (op == "setopt") SetOption(e);
    if (op == "assert") problem = Assert(e);
    Collect();
    return problem;
  }

  void Inject(const Json& e) {
    const Json& seg = e["seg"];
    SkbPtr skb = pool_.Allocate();
    TcpHeader& tcp = skb->tcp;
    tcp.source_port = 40000;
    tcp.destination_port = 4420;
    tcp.flags = FlagBits(seg["flags"]);
    tcp.seq = SeqNum(kPeerIss + seg["seq"].get<uint32_t>());
    if (seg.contains("ack")) tcp.ack = SeqNum(kIss + seg["ack"].get<uint32_t>());
    tcp.window = seg["win_raw"];
    const Json& opts = seg["opts"];
    if (opts.contains("mss")) tcp.options.mss = opts["mss"].get<uint16_t>();
    if (opts.contains("wscale")) tcp.options.window_scale = opts["wscale"].get<uint8_t>();
    tcp.options.sack_permitted = opts.contains("sack_ok");
    if (opts.contains("ts")) {
      tcp.options.has_timestamps = true;
      tcp.options.ts_val = opts["ts"]["val"];
      tcp.options.ts_ecr = ActualEcr(opts["ts"]["ecr"], (tcp.flags & kTcpSyn) != 0);
    }
    if (opts.contains("sack")) {
      for (const Json& block : opts["sack"]) {
        tcp.options.sack[tcp.options.sack_count++] = SackBlock{
            SeqNum(kIss + block[0].get<uint32_t>()), SeqNum(kIss + block[1].get<uint32_t>())};
      }
    }
    skb->seq = tcp.seq;
    skb->size = seg["len"];
    uint32_t gso = e.value("gso_size", file_.value("inject_gso", 0u));
    if (gso != 0 && skb->size > gso) {
      skb->gso_size = gso;
      skb->segments = (skb->size + gso - 1) / gso;
    }
    // The recorded packets came through a tun device: linear skbs that cannot be merged. Nine frags
    // cannot be either.
    const uint32_t frag = skb->size / 9 + 1;
    for (uint32_t at = 0; at < skb->size; at += frag) {
      skb->frags.push_back(PatternPayload(at, std::min(frag, skb->size - at)));
    }
    uint32_t alloc = 512;
    while (alloc < skb->size + 20 + 320) alloc <<= 1;
    skb->truesize = alloc + 256;
    c().OnSegment(std::move(skb), SimTime::Us(now_), &actions_);
  }

  uint32_t ActualEcr(uint32_t ecr, bool syn) const {
    if (ecr == 0 && syn) return 0;
    const auto it = script_to_actual_.find(ecr);
    if (exact_ecr_ && it != script_to_actual_.end()) return it->second;
    return ecr + ts_offset_;
  }

  std::string Write(const Json& e) {
    const Json flags = e.value("flags", Json::array());
    WriteFlags wf;
    const std::string text = flags.dump();
    wf.more = text.find("MSG_MORE") != std::string::npos;
    wf.eor = text.find("MSG_EOR") != std::string::npos;
    const auto length = e["len"].get<uint32_t>();
    uint32_t taken = 0;
    while (taken < length) {
      const uint32_t piece = std::min(length - taken, 1u << 20);
      const auto got = static_cast<uint32_t>(
          c().Write(PatternPayload(0, piece), wf, SimTime::Us(now_), &actions_));
      taken += got;
      if (got < piece) break;
    }
    const auto want = e["ret"].get<int64_t>();
    const int64_t got = taken == 0 && length != 0 ? -1 : static_cast<int64_t>(taken);
    return got == want
               ? ""
               : "write returned " + std::to_string(got) + ", expected " + std::to_string(want);
  }

  std::string Read(const Json& e) {
    auto left = e["max"].get<uint32_t>();
    uint32_t copied = 0;
    while (Skb* skb = c().PeekReceiveQueue()) {
      const uint32_t take = std::min(left, skb->size);
      if (take == 0) break;
      c().ConsumeReceiveQueue(take);
      left -= take;
      copied += take;
    }
    if (copied != 0) c().OnAppRead(copied, SimTime::Us(now_), &actions_);
    const bool end = c().AtEndOfStream() || read_shut_;
    const int64_t got = copied != 0 ? int64_t{copied} : end ? 0 : -1;
    const auto want = e["ret"].get<int64_t>();
    return got == want
               ? ""
               : "read returned " + std::to_string(got) + ", expected " + std::to_string(want);
  }

  void SetOption(const Json& e) {
    const std::string opt = e["opt"];
    const int64_t value = e["value"].is_number() ? e["value"].get<int64_t>() : 0;
    const SimTime now = SimTime::Us(now_);
    if (connection_ == nullptr) {
      if (opt == "SO_RCVBUF") config_.rcvbuf = 2 * value;
      if (opt == "SO_SNDBUF") config_.sndbuf = 2 * value;
      if (opt == "TCP_NODELAY") config_.nodelay = value != 0;
      if (opt == "TCP_MAXSEG") config_.max_seg = value;
      return;
    }
    if (opt == "SO_RCVBUF") c().SetReceiveBuffer(2 * value);
    if (opt == "SO_SNDBUF") c().SetSendBuffer(2 * value);
    if (opt == "TCP_NODELAY") c().SetNodelay(value != 0, now, &actions_);
    if (opt == "TCP_MAXSEG") c().SetMaxSegment(value);
    if (opt == "TCP_CORK") c().SetCork(value != 0, now, &actions_);
    if (opt == "TCP_QUICKACK") c().SetQuickAck(value != 0, now, &actions_);
  }

  std::string Assert(const Json& e) {
    const TcpInfo info = c().Info();
    const std::map<std::string, int64_t> values = {
        {"snd_cwnd", info.snd_cwnd},
        {"snd_ssthresh", info.snd_ssthresh},
        {"unacked", info.unacked},
        {"sacked", info.sacked},
        {"lost", info.lost},
        {"retrans", info.retrans},
        {"reordering", info.reordering},
        {"reord_seen", info.reord_seen},
        {"delivered", info.delivered},
        {"backoff", info.backoff},
        {"probes", info.probes},
        {"snd_mss", info.snd_mss},
        {"advmss", info.advmss},
        {"rcv_mss", info.rcv_mss},
        {"bytes_received", static_cast<int64_t>(info.bytes_received)},
        {"inq", static_cast<int64_t>(info.inq)},
        {"rto", info.rto_us},
        {"rtt", info.srtt_us},
        {"min_rtt", info.min_rtt_us}};
    static const char* const kCa[] = {"Open", "Disorder", "CWR", "Recovery", "Loss"};
    for (const Json& check : e["checks"]) {
      const std::string field = check["field"];
      if (field == "ca_state") {
        ++result_.checks;
        const std::string got = kCa[static_cast<int>(info.ca_state)];
        if (got != check["value"].get<std::string>())
          return "ca_state is " + got + ", expected " + check.dump();
        continue;
      }
      const auto it = values.find(field);
      if (it == values.end() || !check["value"].is_number()) {
        ++result_.checks_skipped;
        continue;
      }
      ++result_.checks;
      if (!CompareValues(it->second, check["op"], check["value"]))
        return field + " is " + std::to_string(it->second) + ", expected " + check.dump();
    }
    return "";
  }

  std::string Expect(const Json& e) {
    int64_t earliest = 0;
    int64_t latest = 0;
    const bool any = e.contains("dt") && e["dt"] == "any";
    if (!any) {
      const bool absolute = e.contains("at");
      const Json& when = absolute ? e["at"] : e["dt"];
      earliest =
          (absolute ? 0 : base_) + (when.is_array() ? when[0].get<int64_t>() : when.get<int64_t>());
      latest =
          (absolute ? 0 : base_) + (when.is_array() ? when[1].get<int64_t>() : when.get<int64_t>());
    }
    const int64_t limit = any ? base_ + 8'000'000 : latest + 2'000'000;
    const Json& seg = e["seg"];
    const auto total = seg["len"].get<uint32_t>();
    ++result_.expects;
    Sent first;
    uint32_t length = 0;
    do {
      if (fifo_.empty()) Advance(limit, true);
      if (fifo_.empty()) return "timeout, expected " + seg.dump();
      const Sent sent = fifo_.front();
      fifo_.pop_front();
      if (length == 0) first = sent;
      const std::string problem = length == 0 ? Match(seg, sent) : "";
      if (!problem.empty())
        return problem + "\n  expected " + seg.dump() + "\n  actual   " + Text(sent);
      length += sent.size;
      first.us = sent.us;
    } while (length < total);
    if (length != total) return "len " + std::to_string(length) + ", expected " + seg.dump();
    base_ = std::max(base_, first.us);
    const int64_t tol = e.value("tol", 4000);
    if (!any && (first.us < earliest - tol || first.us > latest + tol)) {
      return "time " + std::to_string(first.us) + " us, expected " + std::to_string(earliest) +
             ": " + seg.dump();
    }
    return "";
  }

  std::string Match(const Json& seg, const Sent& sent) {
    const bool piece = sent.size < seg["len"].get<uint32_t>();  // FIN is on the last piece only
    const uint8_t want = FlagBits(seg["flags"]);
    if (((want ^ sent.tcp.flags) & ~(kTcpPsh | (piece ? kTcpFin : 0))) != 0) return "flags";
    if (((want ^ sent.tcp.flags) & kTcpPsh) != 0) ++result_.soft_psh;
    if (sent.tcp.seq != SeqNum(kIss + seg["seq"].get<uint32_t>())) return "seq";
    if (sent.size > seg["len"].get<uint32_t>()) return "len";
    if (seg.contains("ack") && sent.tcp.ack != SeqNum(kPeerIss + seg["ack"].get<uint32_t>()))
      return "ack";
    if (seg["win"].is_number() && sent.window != seg["win"].get<int64_t>()) return "win";
    if (!seg.contains("opts") || seg["opts"] == "any") return "";
    return MatchOptions(seg["opts"], sent.tcp.options);
  }

  std::string MatchOptions(const Json& opts, const TcpOptions& o) {
    if (opts.contains("mss") != o.mss.has_value() || (o.mss && *o.mss != opts["mss"])) return "mss";
    if (opts.contains("wscale") != o.window_scale.has_value() ||
        (o.window_scale && *o.window_scale != opts["wscale"]))
      return "wscale";
    if (opts.contains("sack_ok") != o.sack_permitted) return "sack_ok";
    const Json sack = opts.value("sack", Json::array());
    if (sack.size() != o.sack_count) return "sack";
    for (size_t i = 0; i < sack.size(); ++i) {
      if (o.sack[i].start != SeqNum(kPeerIss + sack[i][0].get<uint32_t>()) ||
          o.sack[i].end != SeqNum(kPeerIss + sack[i][1].get<uint32_t>())) {
        return "sack";
      }
    }
    if (opts.contains("ts") != o.has_timestamps) return "ts";
    if (!o.has_timestamps) return "";
    if (opts["ts"]["ecr"] != o.ts_ecr) return "ts ecr";
    const auto script = opts["ts"]["val"].get<uint32_t>();
    if (!have_offset_) ts_offset_ = o.ts_val - script;
    have_offset_ = true;
    script_to_actual_[script] = o.ts_val;
    return "";
  }

  std::string Text(const Sent& s) const {
    std::ostringstream out;
    out << s.us << " us " << FlagText(s.tcp.flags) << " seq " << s.tcp.seq.value() - kIss << "("
        << s.size << ") ack " << s.tcp.ack.value() - kPeerIss << " win " << s.window;
    for (int i = 0; i < s.tcp.options.sack_count; ++i) {
      out << " sack " << s.tcp.options.sack[i].start.value() - kPeerIss << ":"
          << s.tcp.options.sack[i].end.value() - kPeerIss;
    }
    if (s.tcp.options.has_timestamps)
      out << " ts " << s.tcp.options.ts_val - ts_offset_ << " ecr " << s.tcp.options.ts_ecr;
    return out.str();
  }

  const Json& file_;
  TcpConfig config_;
  bool exact_ecr_;
  SkbPool pool_;
  std::unique_ptr<Connection> connection_;
  TcpActions actions_;
  std::deque<Sent> fifo_;
  int64_t now_ = 0;
  int64_t base_ = 0;
  bool read_shut_ = false;
  bool have_offset_ = false;
  uint32_t ts_offset_ = 0;
  std::map<uint32_t, uint32_t> script_to_actual_;
  TraceResult result_;
};

}  // namespace

TraceResult RunTrace(const std::string& path) {
  std::ifstream in(path);
  const Json file = Json::parse(in);
  return Runner(file).Run();
}

}  // namespace ddpsim
