"""scripts/soak on a small project of its own: it catches a result that depends on the build, or an `expect` on the seed."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Stands in for ddpsim: {value} goes into the result, {status} is the exit status; `seed` is that of the command line.
MAIN = """
#include <cstdlib>
#include <cstring>
#include <fstream>
#ifdef __OPTIMIZE__
const int optimised = 1;
#else
const int optimised = 0;
#endif
int main(int argc, char** argv) {
  int seed = 1 + 0 * optimised;
  const char* pcap = nullptr;
  const char* json = nullptr;
  for (int i = 1; i + 1 < argc; ++i) {
    if (!std::strcmp(argv[i], "--seed")) seed = std::atoi(argv[i + 1]);
    if (!std::strcmp(argv[i], "--pcap")) pcap = argv[i + 1];
    if (!std::strcmp(argv[i], "--json")) json = argv[i + 1];
  }
  std::ofstream(json) << "{\\"provenance\\": {\\"build\\": " << optimised << "}, \\"runs\\": [" << VALUE << "]}";
  if (pcap) std::ofstream(pcap) << CAPTURE;
  return seed * 0 + STATUS;
}
"""


class SoakTest(unittest.TestCase):

    def soak(self, *arguments, value="7", capture="8", status="0"):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name, "project")
            shutil.copytree(ROOT / "scripts", root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
            (root / "scenarios").mkdir()
            (root / "scenarios/quickstart.json").write_text("{}")
            (root / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(x CXX)\n"
                                                 "add_subdirectory(sim)\n")
            (root / "sim").mkdir()
            (root / "sim/CMakeLists.txt").write_text("add_executable(ddpsim main.cc)\n")
            text = MAIN.replace("VALUE", value).replace("CAPTURE", capture).replace("STATUS", status)
            (root / "sim/main.cc").write_text(text)
            done = subprocess.run([root / "scripts/soak", *arguments], capture_output=True, text=True)
            summary = root / "results" / f"soak-{arguments[0]}.md"
            return done.returncode, done.stderr, summary.read_text() if summary.exists() else ""

    def test_builds_that_agree(self):
        code, errors, summary = self.soak("compilers")
        self.assertEqual(code, 0, errors)
        self.assertIn("| scenarios/quickstart.json | 1 | same | same | same | same |", summary)

    def test_a_result_that_depends_on_the_build(self):
        code, errors, summary = self.soak("compilers", value="optimised")
        self.assertEqual(code, 1, errors)
        self.assertIn("| same | differs: line", summary)

    def test_a_capture_that_depends_on_the_build(self):
        code, errors, summary = self.soak("compilers", capture="optimised")
        self.assertEqual(code, 1, errors)
        self.assertIn("differs: run.pcap", summary)

    def test_seeds_that_pass_and_one_that_does_not(self):
        code, errors, summary = self.soak("seeds", "--first", "11", "--count", "3")
        self.assertEqual(code, 0, errors)
        self.assertIn("| scenarios/quickstart.json | 3 | 3 | - |", summary)
        code, errors, summary = self.soak("seeds", "--first", "11", "--count", "3", status="(seed == 12)")
        self.assertEqual(code, 1, errors)
        self.assertIn("| scenarios/quickstart.json | 3 | 2 | 12 (exit 1) |", summary)


if __name__ == "__main__":
    unittest.main()
