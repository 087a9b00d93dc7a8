#include "sim/cli/files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "sim/cli/exit_status.h"

namespace ddpsim {
namespace {

std::string ErrnoText(const std::string& path) { return path + ": " + std::strerror(errno); }

std::string WriteStream(std::FILE* stream, const std::string& path, const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stream) != text.size() || std::fflush(stream) != 0)
    return ErrnoText(path);
  return "";
}

std::string WriteNewFile(const std::string& path, const std::string& text) {
  std::FILE* stream = std::fopen(path.c_str(), "wb");
  if (stream == nullptr) return ErrnoText(path);
  std::string error = WriteStream(stream, path, text);
  const bool closed = std::fclose(stream) == 0;
  if (!error.empty()) return error;
  return closed ? "" : ErrnoText(path);
}

bool IsSpecial(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

constexpr char kIsFolder[] = "is a directory";

std::string TooLarge(size_t limit) {
  return "is larger than " + std::to_string(limit >> 20) + " MiB";
}

// Of an open file, so that it is still the same when it is read.
std::string WhyNoInput(int file, size_t limit) {
  struct stat status;
  if (fstat(file, &status) != 0) return std::strerror(errno);
  if (S_ISDIR(status.st_mode)) return kIsFolder;
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode))
    return "is a device; accepted: a file, a pipe";
  const bool large = S_ISREG(status.st_mode) && static_cast<uint64_t>(status.st_size) > limit;
  return large ? TooLarge(limit) : "";
}

// A pipe's size is known when it has ended.
std::string ReadStream(std::FILE* stream, size_t limit, std::string* text, int* status) {
  char buffer[65536];
  size_t got = 0;
  while ((got = std::fread(buffer, 1, sizeof(buffer), stream)) > 0) {
    text->append(buffer, got);
    if (text->size() <= limit) continue;
    *status = kExitBadData;
    return TooLarge(limit);
  }
  return std::ferror(stream) != 0 ? std::strerror(errno) : "";
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool IsSameFile(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty() || a == "-" || b == "-") return false;
  std::error_code error;
  const bool there = std::filesystem::exists(a, error) && std::filesystem::exists(b, error);
  if (there && !std::filesystem::is_regular_file(a, error)) return false;  // /dev/null, a pipe
  if (there) return std::filesystem::equivalent(a, b, error);
  return std::filesystem::weakly_canonical(a, error) == std::filesystem::weakly_canonical(b, error);
}

}  // namespace

std::optional<std::string> ReadFile(const std::string& path, std::string* error, int* status,
                                    size_t limit) {
  int ignored = 0;
  int& why = status != nullptr ? *status : ignored;
  why = kExitNoInput;
  std::FILE* stream = std::fopen(path.c_str(), "rb");
  if (stream == nullptr) {
    *error = ErrnoText(path);
    return std::nullopt;
  }
  std::string text;
  *error = WhyNoInput(fileno(stream), limit);
  if (error->empty()) {
    *error = ReadStream(stream, limit, &text, &why);
  } else if (*error != kIsFolder) {
    why = kExitBadData;
  }
  std::fclose(stream);
  if (error->empty()) return text;
  *error = path + ": " + *error;
  return std::nullopt;
}

std::optional<std::string> ReadOwnFile(const std::string& path, std::string* error, int* status) {
  if (!IsSpecial(path)) return ReadFile(path, error, status, kMaxOwnFile);
  if (status != nullptr) *status = kExitBadData;
  *error = path + ": is no regular file";
  return std::nullopt;
}

std::string WhyNotWritable(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return path + ": is a directory";
    return access(path.c_str(), W_OK) == 0 ? "" : ErrnoText(path);
  }
  if (path.back() == '/') return path + ": is a directory";
  return access(FolderOf(path).c_str(), W_OK | X_OK) == 0 ? "" : ErrnoText(path);
}

std::string WhyClobbered(const std::vector<std::string>& read,
                         const std::vector<std::string>& written) {
  for (size_t i = 0; i < written.size(); ++i) {
    for (const std::string& other : read) {
      if (IsSameFile(written[i], other)) return written[i] + ": is read, too; it would be lost";
    }
    for (size_t j = 0; j < i; ++j) {
      if (written[i] == "-" && written[j] == "-")
        return "standard output: would be written twice, one behind the other; accepted: one \"-\"";
      if (IsSameFile(written[i], written[j]))
        return written[i] + ": would be written twice, one over the other";
    }
  }
  return "";
}

std::string WriteFile(const std::string& path, const std::string& text) {
  if (IsSpecial(path)) return WriteNewFile(path, text);
  const std::string fresh = path + ".part";
  const std::string error = WriteNewFile(fresh, text);
  if (error.empty() && std::rename(fresh.c_str(), path.c_str()) == 0) return "";
  std::string reason = error.empty() ? ErrnoText(path) : error;
  std::remove(fresh.c_str());
  return reason;
}

std::string WriteStandardOutput(const std::string& text) {
  return WriteStream(stdout, "standard output", text);
}

}  // namespace ddpsim
