// A law that every run must obey, checked passively: it watches, counts what it looked at, and
// keeps the first violations. Invariant: a law that looked at nothing is no pass (see the run's
// verdict), so that a checker cannot be left unplugged.
#ifndef DDPSIM_SIM_CHECK_LAW_H_
#define DDPSIM_SIM_CHECK_LAW_H_

#include <cstdint>
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
  // Never() if there is none.
  SimTime first_violation_at() const { return first_at_; }

 protected:
  void Looked(uint64_t times = 1) { checks_ += times; }
  void Violate(SimTime now, const std::string& what);

 private:
  static constexpr size_t kKept = 8;
  std::string name_;
  uint64_t checks_ = 0;
  uint64_t violation_count_ = 0;
  SimTime first_at_ = SimTime::Never();
  std::vector<std::string> violations_;
};

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CHECK_LAW_H_
