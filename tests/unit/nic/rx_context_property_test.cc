// Seeded random streams through a lossy, reordering, duplicating channel, with a driver that
// answers late, wrongly or twice. Laws: data named as (ccid, ccoff) is that data (ContextFlow::Send
// checks each byte); a digest bit never covers a corrupted byte; when faults stop and requests are
// answered, the offload comes back.
#include <catch2/catch.hpp>
#include <vector>

#include "context_flow.h"
#include "ddpsim/base/rng.h"

namespace ddpsim {
namespace {

struct Packet {
  uint32_t from;
  uint32_t size;
};

ContextFlow RandomFlow(Rng* rng) {
  ContextFlow f({rng->Bernoulli(0.3), rng->Bernoulli(0.7), static_cast<uint8_t>(rng->Below(2) * 7)},
                static_cast<uint32_t>(rng->U64()));
  f.config.search = rng->Bernoulli(0.5) ? SearchMode::kAnyOffset : SearchMode::kPacketStart;
  f.config.ddp_across_data_gap = rng->Bernoulli(0.5);
  for (uint16_t i = 0; i < 300; ++i) {
    const uint32_t size = 1 + static_cast<uint32_t>(rng->Below(rng->Bernoulli(0.5) ? 64 : 3000));
    f.stream.C2HData(i, static_cast<uint32_t>(rng->Below(5)) * 512, size);
    if (rng->Bernoulli(0.5)) f.stream.CapsuleResp(i);
  }
  return f;
}

std::vector<Packet> CutUp(Rng* rng, uint32_t size) {
  std::vector<Packet> packets;
  const uint32_t mss = rng->Bernoulli(0.5) ? 1448 : 40;
  for (uint32_t at = 0; at < size;) {
    const uint32_t n = rng->Bernoulli(0.1) ? 1 + static_cast<uint32_t>(rng->Below(mss)) : mss;
    packets.push_back({at, std::min(n, size - at)});
    at += packets.back().size;
  }
  return packets;
}

// Drops, repeats and swaps.
std::vector<Packet> Disturb(Rng* rng, const std::vector<Packet>& in) {
  std::vector<Packet> out;
  for (const Packet& p : in) {
    if (rng->Bernoulli(0.03)) continue;
    out.push_back(p);
    if (rng->Bernoulli(0.02)) out.push_back(in[rng->Below(in.size())]);
    if (out.size() > 1 && rng->Bernoulli(0.03)) std::swap(out[out.size() - 1], out[out.size() - 2]);
  }
  return out;
}

}  // namespace

TEST_CASE(
    "under loss, reordering and duplicates no byte is named as another, whatever is answered") {
  int offloaded = 0;
  int requests = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Rng rng(seed, "rx_context");
    ContextFlow f = RandomFlow(&rng);
    f.Start();
    SeqNum asked;
    bool pending = false;
    for (const Packet& p : Disturb(&rng, CutUp(&rng, f.stream.size()))) {
      const DdpVerdict& v = f.Send(p.from, p.size);
      offloaded += v.offloaded;
      REQUIRE(v.digests_wrong == 0);
      if (v.resync_request.has_value()) {
        ++requests;
        asked = *v.resync_request;
        pending = true;
      }
      if (rng.Bernoulli(0.05)) f.context.OnResyncResponse(SeqNum(f.base) + p.from);
      if (pending && rng.Bernoulli(0.3)) {
        f.context.OnResyncResponse(asked);
        pending = rng.Bernoulli(0.1);
      }
    }
  }
  CHECK(offloaded > 1000);
  CHECK(requests > 20);
}

TEST_CASE("a digest bit is never set on the packet that ends a corrupted PDU") {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Rng rng(seed, "rx_context.corrupt");
    ContextFlow f({false, true, 0});
    for (uint16_t i = 0; i < 50; ++i)
      f.stream.C2HData(i, 0, 1 + static_cast<uint32_t>(rng.Below(2000)));
    // One flipped bit in the data of each tenth PDU.
    std::vector<uint32_t> bad_ends;
    uint32_t at = 0;
    for (uint16_t i = 0; i < 50; ++i) {
      const uint32_t plen = LoadLe32(&f.stream.bytes[at + 4]);
      if (i % 10 == 5) {
        f.stream.bytes[at + 24 + rng.Below(plen - 24)] ^= static_cast<uint8_t>(1u << rng.Below(8));
        bad_ends.push_back(at + plen - 1);
      }
      at += plen;
    }
    f.Start();
    for (const Packet& p : Disturb(&rng, CutUp(&rng, f.stream.size()))) {
      // Not through Send(): its law does not hold for corrupted data.
      f.context.OnSegment(SeqNum(f.base) + p.from, f.stream.Slice(p.from, p.size), &f.verdict);
      for (const uint32_t end : bad_ends) {
        if (end >= p.from && end < p.from + p.size) CHECK_FALSE(f.verdict.ddgst_ok);
      }
      if (f.verdict.resync_request) f.context.OnResyncResponse(*f.verdict.resync_request);
    }
  }
}

TEST_CASE("once losses stop and true requests are answered, the offload comes back") {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Rng rng(seed, "rx_context.recovery");
    ContextFlow f = RandomFlow(&rng);
    f.config.search = SearchMode::kAnyOffset;
    f.Start();
    const auto packets = CutUp(&rng, f.stream.size());
    const size_t half = packets.size() / 2;
    for (const Packet& p : Disturb(&rng, {packets.begin(), packets.begin() + half})) {
      f.Send(p.from, p.size);
    }
    bool back = false;
    for (size_t i = half; i < packets.size(); ++i) {
      back = f.Send(packets[i].from, packets[i].size).offloaded;
      if (f.context.state() == OffloadState::kTracking) {
        f.context.OnResyncResponse(f.context.hw_resync_tcp_sn());
      }
    }
    CHECK(back);
  }
}

}  // namespace ddpsim
