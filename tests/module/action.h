// What a test does at a time of an island's calendar.
#ifndef DDPSIM_TESTS_MODULE_ACTION_H_
#define DDPSIM_TESTS_MODULE_ACTION_H_

#include <functional>
#include <utility>

#include "ddpsim/ports/island.h"

namespace ddpsim {

class Action : public Wakeable {
 public:
  explicit Action(std::function<void(SimTime)> act) : act_(std::move(act)) {}
  void OnDeadline(SimTime now) override { act_(now); }

 private:
  std::function<void(SimTime)> act_;
};

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_MODULE_ACTION_H_
