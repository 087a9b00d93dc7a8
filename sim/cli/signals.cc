#include "sim/cli/signals.h"

namespace ddpsim {
namespace {

volatile std::sig_atomic_t received = 0;

extern "C" void OnSignal(int signal) { received = signal; }

void Watch(int signal) {
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  // The second one finds the default action again.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void WatchSignals() {
  received = 0;
  Watch(SIGINT);
  Watch(SIGTERM);
}

const volatile std::sig_atomic_t& ReceivedSignal() { return received; }

}  // namespace ddpsim
