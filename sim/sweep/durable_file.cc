#include "sim/sweep/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sim/cli/files.h"
#include "sim/result/sha256.h"

namespace ddpsim::sweep {
namespace {

constexpr char kObjectEnd[] = "\n}\n";
constexpr size_t kDigits = 64;

std::string ErrnoText(const std::string& path) {
  return absl::StrCat(path, ": ", std::strerror(errno));
}

std::string WriteAll(int file, const std::string& path, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const ssize_t n = write(file, text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoText(path);
    at += static_cast<size_t>(n);
  }
  return fsync(file) == 0 ? "" : ErrnoText(path);
}

std::string WriteFlushed(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file < 0) return ErrnoText(path);
  std::string error = WriteAll(file, path, text);
  if (close(file) != 0 && error.empty()) error = ErrnoText(path);
  return error;
}

std::string FlushFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return ErrnoText(folder);
  // Some network file systems cannot flush a folder; their rename has gone to the server already.
  const bool bad = fsync(file) != 0 && errno != EINVAL && errno != ENOTSUP;
  std::string error = bad ? ErrnoText(folder) : "";
  close(file);
  return error;
}

std::string Ending(const std::string& id, const std::string& digits) {
  return absl::StrCat(",\n \"point\": \"", id, "\",\n \"checksum\": \"", digits, "\"", kObjectEnd);
}

}  // namespace

std::string CommitFile(const std::string& path, const std::string& temporary,
                       const std::string& text) {
  std::string error = WriteFlushed(temporary, text);
  if (error.empty() && std::rename(temporary.c_str(), path.c_str()) != 0) error = ErrnoText(path);
  if (!error.empty()) {
    unlink(temporary.c_str());
    return error;
  }
  return FlushFolderOf(path);
}

std::string Seal(const std::string& object, const std::string& id) {
  const std::string body = object.substr(0, object.size() - std::strlen(kObjectEnd));
  return body + Ending(id, Sha256Hex(body + id));
}

bool SealHolds(const std::string& text, const std::string& id) {
  const size_t length = Ending(id, std::string(kDigits, '0')).size();
  if (text.size() < length) return false;
  const std::string body = text.substr(0, text.size() - length);
  return absl::EndsWith(text, Ending(id, Sha256Hex(body + id)));
}

std::optional<std::string> ReadSealed(const std::string& path, const std::string& id) {
  std::string error;
  std::optional<std::string> text = ReadOwnFile(path, &error);
  if (!text || !SealHolds(*text, id)) return std::nullopt;
  return text;
}

}  // namespace ddpsim::sweep
