#include "sim/sweep/durable_file.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sim/cli/files.h"

namespace ddpsim::sweep {
namespace {

constexpr char kObject[] = "{\n \"a\": 1\n}\n";

TEST_CASE("seal: a sealed object is JSON with all that it had") {
  const auto json = nlohmann::json::parse(Seal(kObject, "0123456789abcdef"));
  CHECK(json["a"] == 1);
  CHECK(json["point"] == "0123456789abcdef");
  CHECK(json["checksum"].get<std::string>().size() == 64);
}

TEST_CASE("seal: holds for its own id and for no other") {
  const std::string text = Seal(kObject, "aaaa");
  CHECK(SealHolds(text, "aaaa"));
  CHECK(!SealHolds(text, "aaab"));
  std::string renamed = text;
  renamed.replace(renamed.find("aaaa"), 4, "aaab");
  CHECK(!SealHolds(renamed, "aaab"));
}

TEST_CASE("seal: every byte that changes, and every cut, breaks it") {
  const std::string text = Seal(kObject, "aaaa");
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] ^= 1;
    CHECK(!SealHolds(changed, "aaaa"));
    CHECK(!SealHolds(text.substr(0, i), "aaaa"));
  }
  CHECK(!SealHolds(text + "\n", "aaaa"));
}

TEST_CASE("commit: the file is there, its temporary is not") {
  char folder[] = "/tmp/durable-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/file", temporary = path + ".tmp";
  CHECK(CommitFile(path, temporary, "one").empty());
  CHECK(CommitFile(path, temporary, "two").empty());
  std::string error;
  CHECK(ReadFile(path, &error) == "two");
  CHECK(access(temporary.c_str(), F_OK) != 0);
  CHECK(CommitFile(std::string(folder) + "/none/file", temporary, "x").find("No such file") !=
        std::string::npos);
  CHECK(access(temporary.c_str(), F_OK) != 0);
  std::filesystem::remove_all(folder);
}

TEST_CASE("commit: a full disk is told and the old file stays") {
  char folder[] = "/tmp/durable-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/file";
  CHECK(CommitFile(path, path + ".tmp", "old").empty());
  // By a link: what is left of a temporary is removed.
  const std::string full = std::string(folder) + "/full";
  REQUIRE(symlink("/dev/full", full.c_str()) == 0);
  CHECK(CommitFile(path, full, "new").find("No space left") != std::string::npos);
  std::string error;
  CHECK(ReadFile(path, &error) == "old");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace ddpsim::sweep
