// One JSON string: escapes, surrogate pairs, no raw control characters, valid UTF-8.
#ifndef DDPSIM_SIM_TEXT_JSON_STRING_H_
#define DDPSIM_SIM_TEXT_JSON_STRING_H_

#include <string>

#include "sim/text/diagnostic.h"
#include "sim/text/text_cursor.h"

namespace ddpsim {

struct StringError {
  Place place;
  std::string text;  // empty: none
};

// REQUIRES: the cursor stands on the opening quote.
StringError ReadJsonString(TextCursor& cursor, std::string& out);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_JSON_STRING_H_
