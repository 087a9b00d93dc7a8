#include "sim/sweep/program_call.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "absl/strings/strip.h"

namespace ddpsim::sweep {
namespace {

constexpr int kNoSuchProgram = 127;  // as the shell has it

[[noreturn]] void Become(const std::vector<std::string>& words, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<std::string> copy = words;
  std::vector<char*> arguments;
  arguments.reserve(copy.size() + 1);
  for (std::string& word : copy) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(kNoSuchProgram);
}

}  // namespace

ProgramEnd CallProgram(const std::vector<std::string>& words) {
  ProgramEnd end;
  int ends[2];
  std::fflush(nullptr);
  if (pipe2(ends, O_CLOEXEC) != 0) return end;
  const pid_t pid = fork();
  if (pid == 0) Become(words, ends[1]);
  close(ends[1]);
  char buffer[4096];
  ssize_t n = 0;
  while (pid > 0 &&
         ((n = read(ends[0], buffer, sizeof(buffer))) > 0 || (n < 0 && errno == EINTR))) {
    if (n > 0) end.output.append(buffer, static_cast<size_t>(n));
  }
  close(ends[0]);
  int status = 0;
  if (pid < 0) return end;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) end.status = WEXITSTATUS(status);
  return end;
}

std::string OwnProgram() {
  char path[PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
  // Behind the name of a file that was replaced since.
  constexpr char kGone[] = " (deleted)";
  return n > 0 ? std::string(absl::StripSuffix({path, static_cast<size_t>(n)}, kGone)) : "ddpsim";
}

}  // namespace ddpsim::sweep
