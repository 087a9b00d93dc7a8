// A word of a command that is printed for people to run again.
#ifndef DDPSIM_SIM_TEXT_SHELL_QUOTED_H_
#define DDPSIM_SIM_TEXT_SHELL_QUOTED_H_

#include <string>

namespace ddpsim {

// Bare if a POSIX shell leaves it alone, else in single quotes.
std::string ShellQuoted(const std::string& text);

}  // namespace ddpsim

#endif  // DDPSIM_SIM_TEXT_SHELL_QUOTED_H_
