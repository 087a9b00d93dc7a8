// SHA-256 (FIPS 180-4), to name the scenario file that a result came from.
#ifndef DDPSIM_SIM_RESULT_SHA256_H_
#define DDPSIM_SIM_RESULT_SHA256_H_

#include <string>

namespace ddpsim {

// 64 lower-case hex digits.
std::string Sha256Hex(const std::string& data);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_SHA256_H_
