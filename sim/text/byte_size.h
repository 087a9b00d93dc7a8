// Byte counts with fio's suffixes (fio(1), kb_base=1024): 512, "64k", "1m", "1g", "1t", upper case
// too.
#ifndef DDPSIM_SIM_TEXT_BYTE_SIZE_H_
#define DDPSIM_SIM_TEXT_BYTE_SIZE_H_

#include <cstdint>
#include <optional>
#include <string>

namespace ddpsim {

// Nothing if the text is not digits with at most one suffix, or exceeds 63 bits.
std::optional<int64_t> ParseByteSize(const std::string& text);

// The shortest spelling: 65536 -> "64k", 1500 -> "1500".
std::string FormatByteSize(int64_t bytes);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_BYTE_SIZE_H_
