// Planted bugs, each the size of a real slip, that show that the laws can fail. In the product
// DDPSIM_MUTANT(name) is the constant false and the compiler drops what stands behind it; in the
// test build (target ddpsim_mutants, -DDDPSIM_MUTANTS) it asks which bug is on.
// Invariant: DDPSIM_MUTANT is written in .cc files only; the test build compiles those a second
// time.
#ifndef DDPSIM_BASE_MUTANT_H_
#define DDPSIM_BASE_MUTANT_H_

#include "ddpsim/base/mutant_list.h"

namespace ddpsim {

enum class Mutant : int {
  kNone = 0,
#define DDPSIM_DECLARE_MUTANT(name, what) name,
  DDPSIM_MUTANT_LIST(DDPSIM_DECLARE_MUTANT)
#undef DDPSIM_DECLARE_MUTANT
};

inline int g_selected_mutant = 0;

// By number in the list, from 1 on; 0: none.
inline void SelectMutant(int number) { g_selected_mutant = number; }

}  // namespace ddpsim

#ifdef DDPSIM_MUTANTS
#define DDPSIM_MUTANT(name) \
  (::ddpsim::g_selected_mutant == static_cast<int>(::ddpsim::Mutant::name))
#else
#define DDPSIM_MUTANT(name) false
#endif

#endif  // DDPSIM_BASE_MUTANT_H_
