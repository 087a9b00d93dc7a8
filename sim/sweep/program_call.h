// Runs another program to its end and takes its standard output: sbatch, squeue, scancel, gnuplot.
#ifndef DDPSIM_SIM_SWEEP_PROGRAM_CALL_H_
#define DDPSIM_SIM_SWEEP_PROGRAM_CALL_H_

#include <string>
#include <vector>

namespace ddpsim::sweep {

struct ProgramEnd {
  int status = -1;     // exit status; 127: there is no such program; -1: a signal
  std::string output;  // standard output and standard error
};

ProgramEnd CallProgram(const std::vector<std::string>& words);

// The running program's own image, even when its file was built anew meanwhile; on this machine
// only.
inline constexpr char kOwnImage[] = "/proc/self/exe";
// Its file, for other machines.
std::string OwnProgram();

}  // namespace ddpsim::sweep

#endif  // DDPSIM_SIM_SWEEP_PROGRAM_CALL_H_
