// Text for a page: gzip (RFC 1952) in base64 (RFC 4648). A result shrinks to an eighth, and the
// browser unpacks it when somebody looks. Invariant: the same text gives the same bytes (no time,
// no name in the header).
#ifndef DDPSIM_SIM_REPORT_PACKED_TEXT_H_
#define DDPSIM_SIM_REPORT_PACKED_TEXT_H_

#include <string>

namespace ddpsim::report {

std::string PackText(const std::string& text);

}  // namespace ddpsim::report

#endif  // DDPSIM_SIM_REPORT_PACKED_TEXT_H_
