// Force-included into every source of a mutation build: which slip is on, and which have been reached.
// Invariants: one slip at a time; nothing is on while the compiler evaluates.
#ifndef DDPSIM_MUTATION_PLANTED_H_
#define DDPSIM_MUTATION_PLANTED_H_

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ddpsim_mutation {

inline int Selected() {
  const char* text = getenv("DDPSIM_PLANTED");
  return text == nullptr ? -1 : atoi(text);
}

// A byte per slip, shared by all processes of a test, so that what a killed worker reached is known
// too.
inline unsigned char* OpenReach() {
  const char* name = getenv("DDPSIM_PLANTED_REACH");
  if (name == nullptr) return nullptr;
  const int file = open(name, O_RDWR);
  struct stat about;
  if (file < 0 || fstat(file, &about) != 0) return nullptr;
  void* bytes = mmap(nullptr, static_cast<size_t>(about.st_size), PROT_READ | PROT_WRITE,
                     MAP_SHARED, file, 0);
  close(file);
  return bytes == MAP_FAILED ? nullptr : static_cast<unsigned char*>(bytes);
}

inline const int selected = Selected();
inline unsigned char* const reach = OpenReach();

inline bool IsOn(int number) {
  if (reach != nullptr) reach[number] = 1;
  return number == selected;
}

}  // namespace ddpsim_mutation

constexpr bool ddpsim_planted(int number) {
  return !__builtin_is_constant_evaluated() && ddpsim_mutation::IsOn(number);
}

#endif  // DDPSIM_MUTATION_PLANTED_H_
