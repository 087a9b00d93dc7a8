#include "models/capture/byte_source.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

namespace ddpsim {
namespace {

class ZippedFile {
 public:
  explicit ZippedFile(const std::string& text)
      : path_("/tmp/byte_source_test." + std::to_string(getpid())) {
    Write(text);
  }
  ~ZippedFile() { std::remove(path_.c_str()); }
  void Write(const std::string& text) {
    gzFile file = gzopen(path_.c_str(), "wb");
    REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
            static_cast<int>(text.size()));
    gzclose(file);
  }
  void Truncate(long by) {
    FILE* file = std::fopen(path_.c_str(), "rb");
    std::fseek(file, 0, SEEK_END);
    const long size = std::ftell(file);
    std::fclose(file);
    REQUIRE(truncate(path_.c_str(), size - by) == 0);
  }
  std::unique_ptr<ByteSource> Open() const { return std::move(*ByteSource::Open(path_)); }

 private:
  std::string path_;
};

std::string ReadAll(ByteSource* source) {
  std::string all;
  for (;;) {
    const ByteSpan bytes = source->Read(1000);
    all.append(bytes.begin(), bytes.end());
    if (bytes.size() < 1000) return all;
  }
}

std::string Text(size_t size, char seed) {
  std::string text(size, seed);
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(seed + i % 61 + i / 1000);
  return text;
}

TEST_CASE("what was unzipped once reads the same the second time, piece by piece") {
  const std::string text = Text(700'123, 'a');
  const ZippedFile file(text);
  CHECK(ReadAll(file.Open().get()) == text);
  const auto again = file.Open();
  CHECK(again->Peek(10).size() == 10);
  CHECK(again->Skip(600'000));
  CHECK(again->offset() == 600'000);
  CHECK(ReadAll(again.get()) == text.substr(600'000));
  CHECK_FALSE(again->Skip(1));
  CHECK(again->Read(1).empty());
}

TEST_CASE("a file that was read half is unzipped from its start") {
  const std::string text = Text(600'000, 'b');
  const ZippedFile file(text);
  CHECK(file.Open()->Read(5000).size() == 5000);
  CHECK(ReadAll(file.Open().get()) == text);
}

TEST_CASE("a file that was written to since is unzipped anew") {
  ZippedFile file(Text(5000, 'c'));
  CHECK(ReadAll(file.Open().get()) == Text(5000, 'c'));
  file.Write(Text(6000, 'd'));
  CHECK(ReadAll(file.Open().get()) == Text(6000, 'd'));
}

TEST_CASE("a file that was written to while it was read is not remembered") {
  ZippedFile file(Text(900'000, 'e'));
  const auto source = file.Open();
  CHECK(source->Read(1000).size() == 1000);
  file.Write(Text(6000, 'f'));
  ReadAll(source.get());
  CHECK(ReadAll(file.Open().get()) == Text(6000, 'f'));
}

TEST_CASE("a file that is cut short says so each time it is read") {
  ZippedFile file(Text(300'000, 'g'));
  file.Truncate(100);
  for (int reading = 0; reading < 3; ++reading) {
    const auto source = file.Open();
    ReadAll(source.get());
    CHECK(source->gzip_cut_short());
  }
}

}  // namespace
}  // namespace ddpsim
