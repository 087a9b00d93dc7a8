"""Records what the TCP of the running Linux kernel does, as trace tests for `ddpsim tcp-check`. See __main__.py."""
