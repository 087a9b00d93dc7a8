// SIM_CHECK: an assertion about the model itself. A failure is a bug of ddpsim (exit status 70),
// never of a scenario: it prints the place and the simulated time and throws ModelBug.
#ifndef DDPSIM_BASE_CHECK_H_
#define DDPSIM_BASE_CHECK_H_

#include <stdexcept>
#include <string>

namespace ddpsim {

class ModelBug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Throws ModelBug "FILE:LINE: CONDITION: detail". SystemC would hide the type (E549), so the text
// also goes to stderr.
[[noreturn, gnu::cold]] void FailCheck(const char* file, int line, const char* condition,
                                       const std::string& detail);

}  // namespace ddpsim

#define SIM_CHECK(condition, ...)                                                    \
  do {                                                                               \
    if (__builtin_expect(!(condition), 0))                                           \
      ::ddpsim::FailCheck(__FILE__, __LINE__, #condition, std::string{__VA_ARGS__}); \
  } while (false)

#endif  // DDPSIM_BASE_CHECK_H_
