// Complaints about input files, each "file:line:col: /json/pointer: what is wrong; what is
// accepted; nearest name". Values given by --set have no line: "command line: /json/pointer: ...".
// Invariant: a complaint is kept once, however often the same value is read (variants read the base
// again).
#ifndef DDPSIM_SIM_TEXT_DIAGNOSTIC_H_
#define DDPSIM_SIM_TEXT_DIAGNOSTIC_H_

#include <string>
#include <vector>

namespace ddpsim {

// 1-based; columns count characters, not bytes. line 0: not in a file.
struct Place {
  int line = 0;
  int column = 0;
  friend bool operator==(Place a, Place b) { return a.line == b.line && a.column == b.column; }
};

// Where the user wrote a value.
struct Origin {
  std::string file;
  std::string pointer;
  Place place;
};

struct Diagnostic {
  Origin origin;
  std::string text;
};

std::string ToString(const Diagnostic& diagnostic);

class Diagnostics {
 public:
  void Add(Origin origin, std::string text);
  bool empty() const { return list_.empty(); }
  const std::vector<Diagnostic>& list() const { return list_; }
  // One complaint per line, in the order of their places.
  std::string ToString() const;
  void Sort();

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_DIAGNOSTIC_H_
