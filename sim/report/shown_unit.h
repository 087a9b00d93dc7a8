// The units in which tables for people show figures: results keep fio's ns and byte/s.
#ifndef DDPSIM_SIM_REPORT_SHOWN_UNIT_H_
#define DDPSIM_SIM_REPORT_SHOWN_UNIT_H_

#include <string>

namespace ddpsim::report {

struct ShownUnit {
  std::string unit;
  double scale = 1;
};

inline ShownUnit ShownUnitOf(const std::string& unit) {
  if (unit == "ns") return {"us", 1e-3};
  if (unit == "byte/s") return {"Gb/s", 8e-9};
  return {unit, 1};
}

}  // namespace ddpsim::report

#endif  // DDPSIM_SIM_REPORT_SHOWN_UNIT_H_
