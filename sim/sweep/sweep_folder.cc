#include "sim/sweep/sweep_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "sim/cli/exit_status.h"
#include "sim/cli/files.h"
#include "sim/result/result_json.h"
#include "sim/sweep/durable_file.h"
#include "sim/text/json_parser.h"

namespace ddpsim::sweep {
namespace {

std::string HostName() {
  char name[256] = "";
  gethostname(name, sizeof(name) - 1);
  return name;
}

std::string MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return absl::StrCat(path, ": ", error.message());
  return "";
}

}  // namespace

SweepFolder::~SweepFolder() {
  if (lock_ >= 0) close(lock_);
}

std::string SweepFolder::TemporaryFile(const std::string& name) const {
  return File(absl::StrCat("tmp/", HostName(), "-", getpid(), "-", name));
}

std::string SweepFolder::WhyNotOwn() const {
  std::error_code error;
  std::string first;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (Walk entry(path_, error), end; !error && entry != end; entry.increment(error)) {
    if (!entry->is_symlink()) continue;
    const std::string link = entry->path().string();
    if (first.empty() || link < first) first = link;
  }
  return first.empty() ? "" : first + ": is a symbolic link; a sweep's folder may hold none";
}

std::string SweepFolder::Create() const {
  std::string link = WhyNotOwn();
  if (!link.empty()) return link;
  for (const char* name : {"", "/points", "/failed", "/scenarios", "/tmp"}) {
    std::string error = MakeFolder(path_ + name);
    if (!error.empty()) return error;
  }
  if (access(File("points").c_str(), W_OK | X_OK) != 0)
    return absl::StrCat(File("points"), ": ", std::strerror(errno));
  return "";
}

bool SweepFolder::Lock(std::string* error, bool* busy) {
  const std::string file = File(".lock");
  *busy = false;
  lock_ = open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (lock_ >= 0 && flock(lock_, LOCK_EX | LOCK_NB) == 0) return true;
  *busy = lock_ >= 0 && errno == EWOULDBLOCK;
  *error = *busy ? absl::StrCat(path_, ": another sweep is running in it")
                 : absl::StrCat(file, ": ", std::strerror(errno));
  return false;
}

bool SweepFolder::Busy() const {
  const int file = open(File(".lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool busy = flock(file, LOCK_SH | LOCK_NB) != 0;
  close(file);
  return busy;
}

bool SweepFolder::HoldsPoints() const {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(File("points"), error)) {
    if (entry.path().extension() == ".json") return true;
  }
  return false;
}

void SweepFolder::RemoveTemporaries() const {
  std::error_code error;
  const std::string own = HostName() + "-";
  for (const auto& entry : std::filesystem::directory_iterator(File("tmp"), error)) {
    if (entry.path().filename().string().compare(0, own.size(), own) == 0)
      std::filesystem::remove_all(entry.path(), error);
  }
}

std::string SweepFolder::WritePlan(const Sweep& sweep) const {
  return Commit(File("plan.json"), JsonFileText(SweepJson(sweep)));
}

std::string SweepFolder::ReadPlan(Sweep* sweep, int* status) const {
  const std::string file = File("plan.json");
  std::string error;
  const std::optional<std::string> text = ReadOwnFile(file, &error, status);
  if (!text) return error;
  error = SweepFromJson(*text, sweep);
  if (error.empty()) return "";
  if (status != nullptr) *status = kExitBadData;
  Diagnostics broken;
  if (!ParseJson(*text, file, broken)) return ToString(broken.list().front());
  return absl::StrCat(file, ": ", error);
}

PointState SweepFolder::StateOf(const std::string& id) const {
  if (ReadSealed(PointFile(id), id)) return PointState::kDone;
  return ReadSealed(FailedFile(id), id) ? PointState::kFailed : PointState::kMissing;
}

std::string SweepFolder::Commit(const std::string& path, const std::string& text) const {
  const size_t slash = path.rfind('/');
  return CommitFile(path, TemporaryFile(path.substr(slash + 1)), text);
}

}  // namespace ddpsim::sweep
