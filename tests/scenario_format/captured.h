// Runs the command line in this process with a bench of the test's own, and keeps what it says.
#ifndef DDPSIM_TESTS_SCENARIO_FORMAT_CAPTURED_H_
#define DDPSIM_TESTS_SCENARIO_FORMAT_CAPTURED_H_

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/cli/cli.h"

namespace ddpsim {

inline std::string FileText(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A folder that is gone with the test.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ddpsim_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return path_ / name; }
  std::string File(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

struct Captured {
  int status = 0;
  std::string out;
  std::string err;
};

inline Captured RunCaptured(const std::vector<std::string>& arguments, const Bench& bench) {
  TempFolder folder;
  const std::string names[] = {folder.File("out"), folder.File("err")};
  int saved[2];
  std::fflush(nullptr);
  for (int fd : {1, 2}) {
    saved[fd - 1] = dup(fd);
    std::FILE* file = std::fopen(names[fd - 1].c_str(), "w");
    dup2(fileno(file), fd);
    std::fclose(file);
  }
  Captured captured;
  captured.status = RunCli(arguments, bench);
  std::fflush(nullptr);
  for (int fd : {1, 2}) {
    dup2(saved[fd - 1], fd);
    close(saved[fd - 1]);
  }
  captured.out = FileText(names[0]);
  captured.err = FileText(names[1]);
  return captured;
}

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_SCENARIO_FORMAT_CAPTURED_H_
