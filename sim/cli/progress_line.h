// One line on standard error that is rewritten in place: how far a long command is. Only on a
// terminal, and never with --quiet.
#ifndef DDPSIM_SIM_CLI_PROGRESS_LINE_H_
#define DDPSIM_SIM_CLI_PROGRESS_LINE_H_

#include <string>

namespace ddpsim {

class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);

  bool wanted() const { return wanted_; }
  void Show(const std::string& text) const;
  void Clear() const;

 private:
  bool wanted_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_PROGRESS_LINE_H_
