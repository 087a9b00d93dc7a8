// One line on standard error that is rewritten in place: how far a long command is. Only on a
// terminal, never with --quiet, and at most ten times a second.
#ifndef DDPSIM_SIM_CLI_PROGRESS_LINE_H_
#define DDPSIM_SIM_CLI_PROGRESS_LINE_H_

#include <string>

namespace ddpsim {

class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);

  bool wanted() const { return wanted_; }
  // Something would be shown now: it is wanted, and the last line has been there long enough.
  bool Due() const;
  void Show(const std::string& text);
  void Clear() const;

 private:
  bool wanted_;
  double shown_ = -1;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_PROGRESS_LINE_H_
