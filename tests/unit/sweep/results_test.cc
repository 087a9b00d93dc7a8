#include "sim/sweep/results.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>

#include "sim/sweep/durable_file.h"

namespace ddpsim::sweep {
namespace {

constexpr char kId[] = "0123456789abcdef";

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/results_test_XXXXXX";
    path_ = mkdtemp(name);
    folder_ = std::make_unique<SweepFolder>(path_);
    REQUIRE(folder_->Create() == "");
  }
  ~Folder() { std::filesystem::remove_all(path_); }

  // The results of a sweep of one point whose file, sealed, is `object`.
  Results With(const std::string& object) {
    std::ofstream(folder_->PointFile(kId)) << Seal(object, kId);
    Sweep sweep;
    sweep.cells.resize(1);
    sweep.cells[0].runs = {{"", "ddp"}};
    sweep.cells[0].points = {{kId, 0, 1}};
    return CollectResults(*folder_, sweep);
  }

 private:
  std::string path_;
  std::unique_ptr<SweepFolder> folder_;
};

constexpr char kResult[] =
    "{\n \"runs\": [{\"mode\": \"ddp\", \"variant\": \"\", \"read\": {\"total_ios\": 4}, "
    "\"write\": {\"total_ios\": 0}, \"cpu\": {\"symbols\": {\"memcpy\": 100}}}],\n"
    " \"comparison\": {\"rows\": []}\n}\n";

}  // namespace

TEST_CASE("a sealed result counts, with its cycles per I/O") {
  const Results results = Folder().With(kResult);
  CHECK((results.done == 1 && results.complete()));
  CHECK(results.cells[0].runs[0].cycles_per_io.at("memcpy") == 25);
}

TEST_CASE("a sealed file that holds no result is a failed point, not a crash") {
  for (const char* object :
       {"{\n}\n", "{\n \"runs\": 3\n}\n", "{\n \"runs\": [3], \"comparison\": {\"rows\": []}\n}\n",
        "{\n \"runs\": [{\"mode\": \"ddp\"}], \"comparison\": {\"rows\": []}\n}\n"}) {
    const Results results = Folder().With(object);
    INFO(object);
    REQUIRE(results.failed.size() == 1);
    CHECK(results.failed[0].reason.find("its file holds no result") == 0);
    CHECK((results.done == 0 && results.missing == 0));
    CHECK(results.cells[0].states == std::vector<PointState>{PointState::kFailed});
  }
}

}  // namespace ddpsim::sweep
