// Strict JSON (RFC 8259) with places: no comments, no trailing commas, no NaN, valid UTF-8 only, no
// byte order mark. nlohmann::json forgets where values stood and lets duplicate keys pass, hence an
// own reader for what users write; what ddpsim writes goes through nlohmann::ordered_json. Left
// out: more than 64 levels of nesting, files above 16 MiB.
#ifndef DDPSIM_SIM_TEXT_JSON_PARSER_H_
#define DDPSIM_SIM_TEXT_JSON_PARSER_H_

#include <optional>
#include <string>

#include "sim/text/diagnostic.h"
#include "sim/text/json_node.h"

namespace ddpsim {

// Nothing after a syntax error, which is then in `out` with the JSON Pointer of the value it is in.
// Duplicate keys are reported too, but do not stop.
std::optional<JsonNode> ParseJson(const std::string& text, const std::string& file,
                                  Diagnostics& out);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_JSON_PARSER_H_
