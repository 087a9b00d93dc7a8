// Segments in one line, in the notation of the format's section 7:
// "ACK 1:1(0) ack 4345 win any <sack 5793:8689>".
#ifndef DDPSIM_SIM_TCP_CHECK_SEGMENT_TEXT_H_
#define DDPSIM_SIM_TCP_CHECK_SEGMENT_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/tcp_check/trace.h"

namespace ddpsim {

std::vector<std::string> FlagNames();
// 0 if there is none of that name.
uint8_t FlagNamed(const std::string& name);
// The words of `ip_ecn`; "" is not ECT.
std::string IpEcnName(uint8_t field);
uint8_t IpEcnNamed(const std::string& name);
std::string ToString(const TraceSegment& segment);
// "28.000 ms".
std::string MillisecondsText(int64_t us);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TCP_CHECK_SEGMENT_TEXT_H_
