// Parts of the trace runner: the file's words in C++ terms.
#ifndef DDPSIM_TESTS_UNIT_TCP_TRACE_FORMAT_H_
#define DDPSIM_TESTS_UNIT_TCP_TRACE_FORMAT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "ddpsim/wire/tcp_segment.h"
#include "models/tcp/config.h"

namespace ddpsim {

uint8_t FlagBits(const nlohmann::json& list);
std::string FlagText(uint8_t flags);
TcpConfig ConfigFrom(const nlohmann::json& config);
// `a op b` with the operators of the format.
bool CompareValues(int64_t a, const std::string& op, int64_t b);

}  // namespace ddpsim

#endif  // DDPSIM_TESTS_UNIT_TCP_TRACE_FORMAT_H_
