"""check_layers.py catches each kind of planted violation, and accepts what the layers allow."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLEAN = {
    "CMakeLists.txt": "set(DEPS_wire base)\nset(DEPS_tcp base wire)\nset(DEPS_kernel base wire tcp mem)\n",
    "include/ddpsim/base/bytes.h": "#include <vector>\n#include \"absl/types/span.h\"\n",
    "include/ddpsim/wire/ip.h": "#include \"ddpsim/base/bytes.h\"\n",
    "include/ddpsim/net/skb.h": "#include \"ddpsim/wire/ip.h\"\n",
    "include/ddpsim/ports/island.h": "#include <systemc>\n#include \"ddpsim/net/skb.h\"\n",
    "models/wire/crc32c.cc": "#include <isa-l/crc.h>\n",
    "models/tcp/sender.h": "#include \"ddpsim/net/skb.h\"\n",
    "models/kernel/socket.cc": "#include \"models/tcp/sender.h\"\n",
    "models/kernel/gro.h": "",
    "models/kernel/cpu_module.h": "#include <systemc>\n#include \"ddpsim/ports/island.h\"\n",
    "models/kernel/cpu_module.cc": "#include \"models/kernel/cpu_module.h\"\n",
    "sim/system/system.h": "#include <nlohmann/json.hpp>\n#include \"models/kernel/cpu_module.h\"\n",
    "sim/main.cc": "#include \"sim/system/system.h\"\n#include <boost/program_options.hpp>\n",
}


def run_on(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, ROOT / "scripts/check_layers.py", folder], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


class CheckLayersTest(unittest.TestCase):

    def assert_caught(self, name, include, reason):
        code, output = run_on({**CLEAN, name: CLEAN.get(name, "") + f"#include {include}\n"})
        self.assertEqual(code, 1, output)
        self.assertIn(f"{name}:", output)
        self.assertIn(reason, output)
        self.assertIn("check_layers: 12 files" if name in CLEAN else "check_layers: 13 files", output)

    def test_accepts_what_the_layers_allow(self):
        code, output = run_on(CLEAN)
        self.assertEqual((code, output), (0, "check_layers: 12 files, 0 violations\n"))

    def test_fails_when_there_is_nothing_to_check(self):
        self.assertEqual(run_on({"CMakeLists.txt": ""})[0], 1)

    def test_a_sibling_without_a_deps_line(self):
        self.assert_caught("models/tcp/sender.cc", '"models/kernel/gro.h"', "no DEPS_ line")
        self.assert_caught("models/tcp/sender_module.cc", '"models/kernel/gro.h"', "no DEPS_ line")

    def test_models_never_include_sim(self):
        self.assert_caught("models/tcp/sender.cc", '"sim/system/system.h"', "may not include sim")

    def test_contracts_never_include_models(self):
        self.assert_caught("include/ddpsim/net/skb.h", '"models/tcp/sender.h"', "contracts only")

    def test_base_never_includes_other_contracts(self):
        self.assert_caught("include/ddpsim/base/bytes.h", '"ddpsim/wire/ip.h"', "std and absl only")

    def test_a_law_that_reads_with_the_code_it_judges(self):
        files = {**CLEAN, "models/nic/pdu_format.h": "", "sim/check/law.h": '#include "models/nic/pdu_format.h"\n'}
        code, output = run_on(files)
        self.assertEqual(code, 1, output)
        self.assertIn("sim/check/law.h:1", output)
        self.assertIn("does not use the code that it judges", output)

    def test_systemc_in_logic(self):
        self.assert_caught("models/kernel/socket.cc", "<systemc>", "SystemC is for")
        self.assert_caught("models/kernel/socket.cc", "<tlm>", "SystemC is for")
        self.assert_caught("models/kernel/socket.cc", '"ddpsim/ports/island.h"', "ports are for")
        self.assert_caught("models/kernel/socket.cc", '"models/kernel/cpu_module.h"', "shells are included by")

    def test_json_boost_and_test_headers_outside_their_folders(self):
        self.assert_caught("models/tcp/sender.h", "<nlohmann/json.hpp>", "for sim/")
        self.assert_caught("models/tcp/sender.h", "<boost/program_options.hpp>", "for sim/")
        self.assert_caught("sim/main.cc", "<catch2/catch.hpp>", "for tests")

    def test_sources_of_non_determinism_and_foreign_headers_in_logic(self):
        self.assert_caught("models/tcp/sender.h", "<chrono>", "not deterministic")
        self.assert_caught("models/tcp/sender.h", "<unistd.h>", "std and absl only")
        self.assert_caught("models/tcp/sender.h", "<isa-l/crc.h>", "std and absl only")

    def test_a_cycle_between_folders(self):
        self.assert_caught("include/ddpsim/wire/ip.h", '"ddpsim/net/skb.h"', "folders include each other")


if __name__ == "__main__":
    unittest.main()
