#include "sim/sweep/local_executor.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sim/cli/files.h"
#include "sim/sweep/durable_file.h"

namespace ddpsim::sweep {
namespace {

// A folder with scenarios and a shell script that stands in for ddpsim: $1 is "run", $2 the
// scenario, $5 the result.
class Bench {
 public:
  explicit Bench(const std::string& script) : folder_(MakeFolder()), path_(folder_.path()) {
    REQUIRE(folder_.Create().empty());
    REQUIRE(WriteFile(path_ + "/script", script).empty());
    options_.program = {"/bin/sh", path_ + "/script"};
    options_.timeout_seconds = 60;
    options_.interrupt = &interrupt_;
    for (const char* id : {"a", "b"}) {
      REQUIRE(WriteFile(folder_.ScenarioFile(id), id).empty());
      SweepCell cell;
      cell.points = {{id, 0, 1}};
      sweep_.cells.push_back(cell);
    }
  }
  ~Bench() { std::filesystem::remove_all(path_); }

  std::string Run() {
    SweepProgress progress(sweep_, 1, true);
    const std::string error = LocalExecutor(folder_, options_, progress).Run({"a", "b"});
    done_ = progress.done();
    failed_ = progress.failed();
    return error;
  }

  std::string ReasonOf(const std::string& id) const {
    const auto text = ReadSealed(folder_.FailedFile(id), id);
    return text ? nlohmann::json::parse(*text)["reason"].get<std::string>() : "";
  }

  bool TemporariesGone() const { return std::filesystem::is_empty(path_ + "/tmp"); }

  static std::string MakeFolder() {
    char name[] = "/tmp/executor-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    return name;
  }

  SweepFolder folder_;
  std::string path_;
  ExecutionOptions options_;
  Sweep sweep_;
  volatile std::sig_atomic_t interrupt_ = 0;
  size_t done_ = 0;
  size_t failed_ = 0;
};

constexpr char kGood[] =
    "printf '{\\n \"format\": \"ddpsim-result/1\",\\n \"runs\": [{\"sim_time_ns\": 5}],\\n "
    "\"expect\": {\"failed\": []}\\n}\\n' > $5\n";

TEST_CASE("executor: whole results are committed, sealed") {
  Bench bench(kGood);
  CHECK(bench.Run().empty());
  CHECK(bench.done_ == 2);
  CHECK(bench.folder_.StateOf("a") == PointState::kDone);
  CHECK(bench.TemporariesGone());
}

TEST_CASE("executor: a crash costs its own point") {
  Bench bench(std::string("case $2 in */a.json) kill -SEGV $$;; esac\n") + kGood);
  CHECK(bench.Run().empty());
  CHECK(bench.ReasonOf("a").find("killed by signal 11") == 0);
  CHECK(bench.folder_.StateOf("b") == PointState::kDone);
}

TEST_CASE("executor: a hang is ended when its time is up") {
  Bench bench(std::string("case $2 in */a.json) exec sleep 100;; esac\n") + kGood);
  bench.options_.timeout_seconds = 0.3;
  CHECK(bench.Run().empty());
  CHECK(bench.ReasonOf("a").find("timeout") == 0);
  CHECK(bench.TemporariesGone());
}

TEST_CASE("executor: half a result, none, and another exit status are failures") {
  for (const char* script : {"echo '{\"format\": ' > $5", "echo '{}' > $5", "exit 0", "exit 65"}) {
    Bench bench(script);
    INFO(script);
    CHECK(bench.Run().empty());
    CHECK(bench.failed_ == 2);
    CHECK(bench.folder_.StateOf("a") == PointState::kFailed);
  }
}

TEST_CASE("executor: what a failed point said is kept") {
  Bench bench("echo this is why >&2; exit 70");
  bench.Run();
  const auto text = ReadSealed(bench.folder_.FailedFile("a"), "a");
  REQUIRE(text);
  CHECK(nlohmann::json::parse(*text)["stderr"] == "this is why");
}

TEST_CASE("executor: an I/O error stops the sweep and fails no point") {
  Bench bench("echo no space >&2; exit 74");
  CHECK(bench.Run() == "no space");
  CHECK(bench.folder_.StateOf("a") == PointState::kMissing);
  CHECK(bench.folder_.StateOf("b") == PointState::kMissing);
}

TEST_CASE("executor: a point that succeeds after all has failed no more") {
  Bench bad("exit 70");
  bad.Run();
  CHECK(bad.folder_.StateOf("a") == PointState::kFailed);
  REQUIRE(WriteFile(bad.path_ + "/script", kGood).empty());
  bad.Run();
  CHECK(bad.folder_.StateOf("a") == PointState::kDone);
  CHECK(access(bad.folder_.FailedFile("a").c_str(), F_OK) != 0);
}

TEST_CASE("executor: nothing starts after an interrupt") {
  Bench bench(kGood);
  bench.interrupt_ = SIGINT;
  CHECK(bench.Run().empty());
  CHECK(bench.done_ + bench.failed_ == 0);
}

}  // namespace
}  // namespace ddpsim::sweep
