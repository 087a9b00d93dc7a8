// One JSON number. An integer literal that fits 64 bits is exact; all else is the nearest double.
#ifndef DDPSIM_SIM_TEXT_JSON_NUMBER_H_
#define DDPSIM_SIM_TEXT_JSON_NUMBER_H_

#include <string>

#include "sim/text/json_node.h"
#include "sim/text/text_cursor.h"

namespace ddpsim {

// What is wrong, or "". REQUIRES: the cursor stands on '-' or a digit.
std::string ReadJsonNumber(TextCursor& cursor, JsonNode& node);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_JSON_NUMBER_H_
