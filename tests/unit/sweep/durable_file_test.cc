#include "sim/sweep/durable_file.h"

#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
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

// As long as it lives a file may hold one byte: a disk that fills up.
class FullDisk {
 public:
  FullDisk() {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit now = before_;
    now.rlim_cur = 1;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &now) == 0);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_;
};

TEST_CASE("commit: a full disk is told and the old file stays") {
  char folder[] = "/tmp/durable-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/file";
  CHECK(CommitFile(path, path + ".tmp", "old").empty());
  {
    const FullDisk full;
    const std::string said = CommitFile(path, path + ".tmp", "new");
    CHECK(said.find("File too large") != std::string::npos);
  }
  std::string error;
  CHECK(ReadFile(path, &error) == "old");
  CHECK(access((path + ".tmp").c_str(), F_OK) != 0);
  std::filesystem::remove_all(folder);
}

TEST_CASE("commit: a link in the place of the temporary is not followed") {
  char folder[] = "/tmp/durable-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/file", link = std::string(folder) + "/link";
  const std::string kept = std::string(folder) + "/kept";
  CHECK(CommitFile(kept, path + ".tmp", "mine").empty());
  REQUIRE(symlink(kept.c_str(), link.c_str()) == 0);
  CHECK_FALSE(CommitFile(path, link, "new").empty());
  std::string error;
  CHECK(ReadFile(kept, &error) == "mine");
  CHECK(access(path.c_str(), F_OK) != 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace ddpsim::sweep
