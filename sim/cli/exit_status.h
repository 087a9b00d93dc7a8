// Exit statuses: sysexits.h where it has one, 128 + signal when interrupted.
#ifndef DDPSIM_SIM_CLI_EXIT_STATUS_H_
#define DDPSIM_SIM_CLI_EXIT_STATUS_H_

namespace ddpsim {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed =
    1;  // a verification, expectation or property failed, or nothing was moved
inline constexpr int kExitUsage = 2;
inline constexpr int kExitBadData = 65;   // EX_DATAERR: scenario, capture, plan, trace
inline constexpr int kExitNoInput = 66;   // EX_NOINPUT
inline constexpr int kExitModelBug = 70;  // EX_SOFTWARE
inline constexpr int kExitNoMemory = 71;  // EX_OSERR: the machine has no more memory to give
inline constexpr int kExitIoError = 74;   // EX_IOERR
inline constexpr int kExitSignalBase = 128;

}  // namespace ddpsim

#endif  // DDPSIM_SIM_CLI_EXIT_STATUS_H_
