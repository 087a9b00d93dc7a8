#include "sim/check/tcp_frame.h"

#include <catch2/catch.hpp>
#include <vector>

#include "ddpsim/wire/segment_writer.h"

namespace ddpsim {
namespace {

std::vector<uint8_t> SegmentOf(uint32_t payload_size) {
  std::vector<uint8_t> bytes(2000);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i * 5 + 1);
  const Payload payload{bytes.data(), 2000, 0, nullptr};
  TcpHeader header;
  header.source_port = 4420;
  header.destination_port = 40001;
  header.seq = SeqNum(0xffff'fff0);
  header.flags = kTcpAck | kTcpPsh;
  header.options.has_timestamps = true;
  FramePool frames;
  const FramePtr frame =
      WriteSegment(frames, EthIpAddresses{}, 1, header, {&payload, 1}, 3, payload_size);
  return {frame->bytes().begin(), frame->bytes().end()};
}

TEST_CASE("tcp_frame: ports, sequence number, flags and payload are where the headers say") {
  TcpFrame tcp;
  const std::vector<uint8_t> frame = SegmentOf(1000);
  REQUIRE(ReadTcpFrame(frame, &tcp));
  CHECK(tcp.source_port == 4420);
  CHECK(tcp.destination_port == 40001);
  CHECK(tcp.seq == SeqNum(0xffff'fff0));
  CHECK(tcp.flags == (kTcpAck | kTcpPsh));
  REQUIRE(tcp.payload.size() == 1000);
  CHECK(tcp.payload.data() == frame.data() + frame.size() - 1000);
  CHECK(tcp.payload[0] == 16);
}

TEST_CASE("tcp_frame: a VLAN tag is stepped over") {
  TcpFrame tcp;
  std::vector<uint8_t> frame = SegmentOf(100);
  frame.insert(frame.begin() + 12, {0x81, 0x00, 0x00, 0x05});
  REQUIRE(ReadTcpFrame(frame, &tcp));
  CHECK(tcp.destination_port == 40001);
  CHECK(tcp.payload.size() == 100);
}

TEST_CASE("tcp_frame: the padding of a short frame is no payload") {
  TcpFrame tcp;
  std::vector<uint8_t> frame = SegmentOf(0);
  frame.resize(frame.size() + 8);
  REQUIRE(ReadTcpFrame(frame, &tcp));
  CHECK(tcp.payload.empty());
}

TEST_CASE("tcp_frame: what is no whole TCP segment over IPv4 is none") {
  const std::vector<uint8_t> whole = SegmentOf(100);
  TcpFrame tcp;
  for (size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(ReadTcpFrame(ByteSpan(whole.data(), size), &tcp));
  // Ethertype, version, header length, fragment bits, protocol, data offset.
  const std::pair<size_t, uint8_t> broken[] = {{12, 0x86}, {14, 0x65}, {14, 0x44}, {20, 0x20},
                                               {21, 1},    {23, 17},   {46, 0x40}};
  for (const auto& [at, value] : broken) {
    std::vector<uint8_t> frame = whole;
    frame[at] = value;
    INFO(at);
    CHECK_FALSE(ReadTcpFrame(frame, &tcp));
  }
}

}  // namespace
}  // namespace ddpsim
