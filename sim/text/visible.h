// Text of others (descriptions, names, paths) as a terminal may show it: nothing in it moves the
// cursor, colours, erases or turns the direction of writing. What would is written as JSON writes
// it, so that it can be seen. Invariant: bytes that are printable UTF-8 stay as they are.
#ifndef DDPSIM_SIM_TEXT_VISIBLE_H_
#define DDPSIM_SIM_TEXT_VISIBLE_H_

#include <string>

namespace ddpsim {

// "a\x1b[2Jb" -> "a\u001b[2Jb"; line ends and tabs too ("\n" is an escape of two characters then).
std::string Visible(const std::string& text);
// The same for whole messages, whose line ends are meant.
std::string VisibleLines(const std::string& text);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_VISIBLE_H_
