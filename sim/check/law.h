// A law that every run must obey, checked passively: it watches, counts what it looked at, and
// keeps the first violations. Invariant: a law that looked at nothing is no pass (see the run's
// verdict), so that a checker cannot be left unplugged.
#ifndef DDPSIM_SIM_CHECK_LAW_H_
#define DDPSIM_SIM_CHECK_LAW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ddpsim/base/sim_time.h"

namespace ddpsim {

class Law {
 public:
  explicit Law(std::string name) : name_(std::move(name)) {}
  virtual ~Law() = default;

  const std::string& name() const { return name_; }
  uint64_t checks() const { return checks_; }
  uint64_t violation_count() const { return violation_count_; }
  // The first kKept violations, as sentences with their time.
  const std::vector<std::string>& violations() const { return violations_; }
  // Which known defect of the series each of these comes from; null: none.
  const std::vector<const char*>& defects() const { return defects_; }
  // Violations that no known defect explains. If there are any, one of them is kept.
  uint64_t unexplained_count() const { return violation_count_ - explained_count_; }
  // Of the violations kept, the first that no known defect explains; else the first; null: none.
  struct Told {
    const std::string* text;
    SimTime at;
    const char* defect;
  };
  std::optional<Told> First() const;
  // So many violations that were told last come from a known defect. REQUIRES: not said of them
  // before.
  void Explain(const char* defect, uint64_t count = 1);
  // The same of one violation by its number, counted from 1 on.
  void ExplainNumber(const char* defect, uint64_t number);

 protected:
  void Looked(uint64_t times = 1) { checks_ += times; }
  void Violate(SimTime now, const std::string& what);

 private:
  static constexpr size_t kKept = 8;
  std::string name_;
  uint64_t checks_ = 0;
  uint64_t violation_count_ = 0;
  uint64_t explained_count_ = 0;
  std::vector<std::string> violations_;
  std::vector<uint64_t> numbers_;     // of each, counted from 1 on
  std::vector<const char*> defects_;  // of each
  std::vector<SimTime> at_;           // of each
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_LAW_H_
