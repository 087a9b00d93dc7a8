// A field of a CSV file (RFC 4180) that no spreadsheet takes for a formula: text that begins with
// = + - @, a tab or a line end is led by an apostrophe, in quotes. Numbers stay as they are.
#ifndef DDPSIM_SIM_SWEEP_CSV_FIELD_H_
#define DDPSIM_SIM_SWEEP_CSV_FIELD_H_

#include <string>

namespace ddpsim::sweep {

std::string CsvField(const std::string& text);

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_CSV_FIELD_H_
