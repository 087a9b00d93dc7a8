// The one translation unit with Catch2's main (it costs 13 s to compile). Binaries that link
// SystemC need sc_main too.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

extern "C" int sc_main(int, char*[]) { return 0; }
