// A walk over a text that always knows its line and column.
// Invariant: columns count characters: UTF-8 continuation bytes do not move the column.
#ifndef DDPSIM_SIM_TEXT_TEXT_CURSOR_H_
#define DDPSIM_SIM_TEXT_TEXT_CURSOR_H_

#include <string>

#include "sim/text/diagnostic.h"

namespace ddpsim {

class TextCursor {
 public:
  explicit TextCursor(const std::string& text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  // REQUIRES: !at_end()
  char peek() const { return text_[at_]; }
  Place place() const { return place_; }
  const std::string& text() const { return text_; }
  size_t offset() const { return at_; }

  void Advance();
  void Advance(size_t bytes);
  bool Accept(char c);
  bool StartsWith(const char* prefix) const {
    return text_.compare(at_, std::string(prefix).size(), prefix) == 0;
  }
  // Takes letters, digits, '_', '+', '-' and '.'.
  std::string Word();
  // The character here, for a message.
  std::string Shown() const;

 private:
  const std::string& text_;
  size_t at_ = 0;
  Place place_{1, 1};
};

// Bytes of the valid UTF-8 character at `at` (RFC 3629), 0 if there is none.
size_t Utf8Length(const std::string& text, size_t at);
bool IsUtf8(const std::string& text);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_TEXT_CURSOR_H_
