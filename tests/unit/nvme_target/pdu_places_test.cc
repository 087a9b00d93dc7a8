// Where PDU headers fall in TCP segments, against captures of Linux 6.1's nvmet-tcp (the originals
// are described in tests/data/captures/README.md; here are the counts of captures 04 and 10: 1 % of
// the target's frames lost, MTU 1500, both digests, TSO off, depth 8).
#include <catch2/catch.hpp>
#include <map>

#include "host_bench.h"

namespace ddpsim {
namespace {

struct Load {
  std::vector<uint32_t> sizes;  // of the reads, in turn
  int total = 80;
  int depth = 8;
  bool disable_sqflow = false;
  bool timestamps = true;
  int loss_percent = 0;
};

struct Places {
  std::vector<uint32_t> segments;                 // sizes in order of arrival
  std::map<PduType, std::map<uint32_t, int>> at;  // offsets in the segment that brought the header

  int Count(PduType type) {
    int n = 0;
    for (const auto& [offset, count] : at[type]) n += count;
    return n;
  }
  int PercentInside(PduType type) { return 100 - PercentAt(type, 0); }
  int PercentAt(PduType type, uint32_t offset) { return 100 * at[type][offset] / Count(type); }
};

class Run {
 public:
  explicit Run(const Load& load) : load_(load), bench_(Config(load)), loss_(3, "loss") {
    // The captures' network was slow: a median of 23 us (04) and 62 us (10) between full frames. At
    // 100 Gb/s short reads complete so close together that more of them merge.
    bench_.to_host.gbps = 1;
    TestPeer& io = bench_.OpenIo(load.disable_sqflow);
    io_ = &io;
    if (load.loss_percent > 0) {
      bench_.to_host.filter = [this](FramePtr f) {
        return loss_.Below(100) < static_cast<uint64_t>(load_.loss_percent) ? FramePtr()
                                                                            : std::move(f);
      };
    }
    bench_.tap = [this](const Frame&, const ParsedFrame& p) { OnFrame(p); };
    io.on_data = [this](SimTime now) { OnData(now); };
    for (int i = 0; i < load.depth; ++i) Issue(bench_.now);
    for (int i = 0; i < 20'000 && done_ < load.total; ++i) bench_.RunFor(1_ms);
    REQUIRE(done_ == load.total);
    Locate();
  }
  Places places;

 private:
  static TargetConfig Config(const Load& load) {
    TargetConfig config;
    config.tcp.tso = false;
    config.tcp.timestamps = load.timestamps;
    return config;
  }
  void Issue(SimTime now) {
    if (issued_ == load_.total) return;
    const auto cid = static_cast<uint16_t>(issued_++);
    const uint32_t size = load_.sizes[cid % load_.sizes.size()];
    io_->Write(CommandPdu(ReadCommand(cid, uint64_t{cid} * 32768, size), bench_.framing), now);
  }
  void OnFrame(const ParsedFrame& p) {
    if (p.tuple.flow.destination_port != io_->port() || p.payload.empty()) return;
    if (segments_.empty()) base_ = p.tcp.seq;
    const auto size = static_cast<uint32_t>(p.payload.size());
    segments_.push_back({p.tcp.seq - base_, size});
    places.segments.push_back(size);
  }
  void OnData(SimTime now) {
    while (io_->received.size() - at_ >= 8) {
      const uint8_t* p = &io_->received[at_];
      const PduCommonHeader ch = LoadCommonHeader(p);
      if (io_->received.size() - at_ < ch.plen) return;
      pdus_.push_back({static_cast<int32_t>(at_), static_cast<PduType>(ch.type)});
      at_ += ch.plen;
      const bool ends =
          static_cast<PduType>(ch.type) == PduType::kCapsuleResp || (ch.flags & kPduSuccess) != 0;
      if (!ends) continue;
      ++done_;
      Issue(now);
    }
  }
  void Locate() {
    for (const auto& [pdu, type] : pdus_) {
      for (const auto& [start, size] : segments_) {
        if (pdu < start || pdu >= start + static_cast<int32_t>(size)) continue;
        ++places.at[type][static_cast<uint32_t>(pdu - start)];
        break;
      }
    }
  }

  Load load_;
  HostBench bench_;
  Rng loss_;
  TestPeer* io_ = nullptr;
  SeqNum base_;
  std::vector<std::pair<int32_t, uint32_t>> segments_;
  std::vector<std::pair<int32_t, PduType>> pdus_;
  size_t at_ = 0;
  int issued_ = 0;
  int done_ = 0;
};

std::vector<uint32_t> Segments(uint32_t full, int count, std::vector<uint32_t> rest) {
  std::vector<uint32_t> all(static_cast<size_t>(count), full);
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

TEST_CASE("a read by itself is cut as captured: full segments, the digest's, the response's") {
  Load load;
  load.total = load.depth = 1;
  load.sizes = {4096};
  CHECK(Run(load).places.segments == Segments(1448, 2, {1232, 28}));
  load.sizes = {32768};
  CHECK(Run(load).places.segments == Segments(1448, 22, {944, 28}));
  load.disable_sqflow = true;
  load.timestamps = false;
  CHECK(Run(load).places.segments == Segments(1460, 22, {680}));
}

TEST_CASE("behind losses headers start in mid-segment as in capture 04") {
  Load load;
  load.sizes = {32768};
  load.loss_percent = 1;
  Run run(load);
  // 83 C2HData: 74 in mid-segment, of them 59 right behind a response that begins the segment (the
  // digest has ended the one before); 16 of 84 responses in mid-segment.
  CHECK(run.places.PercentInside(PduType::kC2HData) == Approx(89).margin(15));
  const int behind_response = 100 * run.places.PercentAt(PduType::kC2HData, 28) /
                              run.places.PercentInside(PduType::kC2HData);
  CHECK(behind_response == Approx(80).margin(15));
  CHECK(run.places.PercentInside(PduType::kCapsuleResp) == Approx(19).margin(15));
}

TEST_CASE("without responses most C2HData begin a segment as in capture 10") {
  Load load;
  load.sizes = {4096, 8192, 16384, 32768};
  load.total = 100;
  load.loss_percent = 1;
  load.disable_sqflow = true;
  load.timestamps = false;
  Run run(load);
  CHECK(run.places.PercentInside(PduType::kC2HData) == Approx(7).margin(15));  // 7 of 103
}

}  // namespace
}  // namespace ddpsim
