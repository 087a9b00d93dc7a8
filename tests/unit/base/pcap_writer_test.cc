#include "ddpsim/base/pcap_writer.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace ddpsim {
namespace {

std::vector<uint8_t> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class TempFile {
 public:
  TempFile() { close(mkstemp(&path_[0])); }
  ~TempFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/ddpsim_test_XXXXXX";
};

const std::vector<uint8_t> kFrame = {0xde, 0xad, 0xbe, 0xef, 0x55};
const SimTime kTime = SimTime::Sec(3) + SimTime::Ns(7) + SimTime::Ps(999);

TEST_CASE("pcap has the nanosecond magic and one record per packet") {
  TempFile file;
  auto writer = PcapWriter::Open(file.path(), CaptureFormat::kPcap, "host");
  REQUIRE(writer.ok());
  REQUIRE((*writer)->Write(kTime, kFrame, CaptureDirection::kInbound, "no place for it").ok());
  REQUIRE((*writer)->Close().ok());
  CHECK((*writer)->packets() == 1);
  CHECK(ReadFile(file.path()) ==
        std::vector<uint8_t>{0x4d, 0x3c, 0xb2, 0xa1, 2,   0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0,  //
                             0,    0,    4,    0,    1,   0, 0, 0,                          //
                             3,    0,    0,    0,    7,   0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0,  //
                             0xde, 0xad, 0xbe, 0xef, 0x55});
}

TEST_CASE("pcapng has section, interface and enhanced packets with comment and direction") {
  TempFile file;
  auto writer = PcapWriter::Open(file.path(), CaptureFormat::kPcapNg, "h0");
  REQUIRE(writer.ok());
  REQUIRE((*writer)->Write(kTime, kFrame, CaptureDirection::kInbound, "drop").ok());
  REQUIRE((*writer)->Close().ok());
  const std::vector<uint8_t> bytes = ReadFile(file.path());
  const std::vector<uint8_t> section = {0x0a, 0x0d, 0x0d, 0x0a, 44,   0,    0,    0,    0x4d, 0x3c,
                                        0x2b, 0x1a, 1,    0,    0,    0,                 //
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,  //
                                        4,    0,    6,    0,    'd',  'd',  'p',  's',  'i',  'm',
                                        0,    0,    0,    0,    0,    0,    44,   0,    0,    0};
  const std::vector<uint8_t> interface = {1, 0, 0, 0, 40, 0, 0,   0,   1,  0, 0, 0, 0, 0,
                                          4, 0, 2, 0, 2,  0, 'h', '0', 0,  0, 9, 0, 1, 0,
                                          9, 0, 0, 0, 0,  0, 0,   0,   40, 0, 0, 0};
  const std::vector<uint8_t> packet = {
      6,    0,    0,    0,    60,  0,   0,   0,   0,    0,    0,    0,    0,    0, 0, 0,
      0x07, 0x5e, 0xd0, 0xb2,  // 3'000'000'007
      5,    0,    0,    0,    5,   0,   0,   0,   0xde, 0xad, 0xbe, 0xef, 0x55, 0, 0, 0,  //
      1,    0,    4,    0,    'd', 'r', 'o', 'p', 2,    0,    4,    0,    1,    0, 0, 0,
      0,    0,    0,    0,    60,  0,   0,   0};
  REQUIRE(bytes.size() == 44 + 40 + 60);
  CHECK(std::vector<uint8_t>(bytes.begin(), bytes.begin() + 44) == section);
  CHECK(std::vector<uint8_t>(bytes.begin() + 44, bytes.begin() + 84) == interface);
  CHECK(std::vector<uint8_t>(bytes.begin() + 84, bytes.end()) == packet);
}

TEST_CASE("a packet without comment and direction has no options") {
  TempFile file;
  auto writer = PcapWriter::Open(file.path(), CaptureFormat::kPcapNg, "");
  REQUIRE(writer.ok());
  const size_t header = ReadFile(file.path()).size();
  REQUIRE((*writer)->Write(kTime, kFrame).ok());
  REQUIRE((*writer)->Close().ok());
  CHECK(ReadFile(file.path()).size() == header + 28 + 8 + 4);
}

TEST_CASE("many packets reach the file whole") {
  TempFile file;
  auto writer = PcapWriter::Open(file.path(), CaptureFormat::kPcap, "");
  REQUIRE(writer.ok());
  const std::vector<uint8_t> frame(1514, 0x5a);
  for (int i = 0; i < 2000; ++i) REQUIRE((*writer)->Write(SimTime::Us(i), frame).ok());
  REQUIRE((*writer)->Close().ok());
  CHECK(ReadFile(file.path()).size() == 24 + 2000 * (16 + 1514));
}

TEST_CASE("a path that cannot be created is an error that names it") {
  auto writer = PcapWriter::Open("/nonexistent/x.pcap", CaptureFormat::kPcap, "");
  REQUIRE_FALSE(writer.ok());
  CHECK(writer.status().code() == absl::StatusCode::kNotFound);
  CHECK(std::string(writer.status().message()).find("/nonexistent/x.pcap") != std::string::npos);
}

TEST_CASE("a full device is an error on opening") {
  auto writer = PcapWriter::Open("/dev/full", CaptureFormat::kPcap, "");
  CHECK_FALSE(writer.ok());
}

TEST_CASE("the format follows the extension") {
  CHECK(CaptureFormatOf("a.pcapng") == CaptureFormat::kPcapNg);
  CHECK(CaptureFormatOf("a.pcap") == CaptureFormat::kPcap);
}

TEST_CASE("what is cut keeps its length on the wire, and late times their upper half") {
  for (CaptureFormat format : {CaptureFormat::kPcap, CaptureFormat::kPcapNg}) {
    TempFile file;
    auto writer = PcapWriter::Open(file.path(), format, "");
    REQUIRE(writer.ok());
    const size_t header = ReadFile(file.path()).size();
    REQUIRE((*writer)->WriteAt(5'000'000'123, kFrame, 1500, CaptureDirection::kUnknown, "").ok());
    REQUIRE((*writer)->Close().ok());
    const std::vector<uint8_t> bytes = ReadFile(file.path());
    const uint8_t* record = bytes.data() + header;
    if (format == CaptureFormat::kPcap) {
      CHECK(LoadLe32(record) == 5);
      CHECK(LoadLe32(record + 4) == 123);
      CHECK(LoadLe32(record + 8) == 5);
      CHECK(LoadLe32(record + 12) == 1500);
    } else {
      CHECK(LoadLe32(record + 12) == 1);  // 5'000'000'123 >> 32
      CHECK(LoadLe32(record + 16) == 5'000'000'123 - (int64_t{1} << 32));
      CHECK(LoadLe32(record + 20) == 5);
      CHECK(LoadLe32(record + 24) == 1500);
    }
  }
}

TEST_CASE("a capture that ends early has what was written, and its last packet whole") {
  TempFile file;
  {
    auto writer = PcapWriter::Open(file.path(), CaptureFormat::kPcap, "");
    REQUIRE(writer.ok());
    for (int i = 0; i < 3; ++i) REQUIRE((*writer)->Write(kTime, kFrame).ok());
    CHECK((*writer)->packets() == 3);
  }  // closed by nobody
  CHECK(ReadFile(file.path()).size() == 24 + 3 * (16 + 5));
}

TEST_CASE("a megabyte is written out while the capture goes on, less is kept back") {
  TempFile file;
  auto writer = PcapWriter::Open(file.path(), CaptureFormat::kPcap, "");
  REQUIRE(writer.ok());
  const std::vector<uint8_t> frame((1 << 20) - 17, 1);  // with its record's header a byte short
  REQUIRE((*writer)->Write(kTime, frame).ok());
  CHECK(ReadFile(file.path()).size() == 24);
  REQUIRE((*writer)->Write(kTime, kFrame).ok());
  CHECK(ReadFile(file.path()).size() == 24 + 16 + frame.size() + 16 + 5);
}

TEST_CASE("a device that fills up is told by the write that finds it, and again by closing") {
  TempFile file;
  auto writer = PcapWriter::Open(file.path(), CaptureFormat::kPcap, "");
  REQUIRE(writer.ok());
  struct rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  struct rlimit limit = before;
  limit.rlim_cur = 1 << 20;
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limit);
  const std::vector<uint8_t> frame(3 << 20, 1);
  const absl::Status written = (*writer)->Write(kTime, frame);
  const absl::Status again = (*writer)->Write(kTime, kFrame);
  const absl::Status closed = (*writer)->Close();
  setrlimit(RLIMIT_FSIZE, &before);
  CHECK(std::string(written.message()).find("cannot write " + file.path()) != std::string::npos);
  CHECK(again == written);
  CHECK(closed == written);
  CHECK((*writer)->Close() == written);
}

}  // namespace
}  // namespace ddpsim
