// JSON Pointers (RFC 6901): "/workload/bs"; in a name "~1" stands for "/" and "~0" for "~".
#ifndef DDPSIM_SIM_TEXT_JSON_POINTER_H_
#define DDPSIM_SIM_TEXT_JSON_POINTER_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/text/json_node.h"

namespace ddpsim {

std::string EscapePointerName(const std::string& name);

// The unescaped names; nothing if the text is not a JSON Pointer. "" is the whole document.
std::optional<std::vector<std::string>> SplitPointer(const std::string& pointer);

// Whether `inner` is about a part of what `outer` is about: "/workload/bs" of "/workload".
bool LiesInside(const std::string& inner, const std::string& outer);
// One of them lies inside the other, whichever.
bool HoldPartsOfEachOther(const std::string& a, const std::string& b);

// Puts `value` where `names` say, making what is missing on the way: an array where the next name
// is "-" or "0", else an object. Arrays take an index or "-" (behind the last). Everything made is
// marked with `origin_file`. An error message, or "" if done; *failed_at is the pointer it is
// about.
std::string SetAtPointer(JsonNode& root, const std::vector<std::string>& names, JsonNode value,
                         const std::string& origin_file, std::string* failed_at);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_JSON_POINTER_H_
