"""check_sizes.py catches a file and a function that are too long, in C++ and in Python, and prints the figures."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run_on(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, ROOT / "scripts/check_sizes.py", folder], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def function(lines, head="int F() {"):
    """A C++ function of exactly `lines` lines."""
    return "\n".join([head] + ["  x();"] * (lines - 2) + ["}"]) + "\n"


class CheckSizesTest(unittest.TestCase):

    def test_accepts_the_caps_themselves_and_prints_figures(self):
        code, output = run_on({"models/a.cc": function(60), "models/b.h": "\n" * 400})
        self.assertEqual(code, 0, output)
        self.assertIn("files: 2, lines median 400, p95 400, max 400", output)
        self.assertIn("functions: 1, lines median 60, p95 60, max 60", output)

    def test_a_file_over_the_cap(self):
        for name in ("models/b.h", "tests/unit/x_test.cc", "scripts/x.py", "scripts/lib.sh"):
            code, output = run_on({name: "\n" * 401})
            self.assertEqual(code, 1, output)
            self.assertIn(f"{name}: 401 lines, cap 400", output)

    def test_a_script_without_a_suffix_is_a_source_and_data_is_not(self):
        self.assertEqual(run_on({"scripts/run": "#!/bin/sh\n" * 401})[0], 1)
        self.assertEqual(run_on({"tests/data/x.h": "\n" * 401, "models/a.cc": ""})[0], 0)

    def test_a_function_over_the_cap(self):
        for head in ("int F() {", "int Box::F(int a) const {", "Box::F() : a_(1) {", "template <class T> auto F(T t) -> T {"):
            code, output = run_on({"sim/a.cc": "\n\n" + function(61, head)})
            self.assertEqual(code, 1, output)
            self.assertIn("sim/a.cc:3: F has 61 lines, cap 60", output)

    def test_a_member_function_in_a_header_over_the_cap(self):
        code, output = run_on({"include/ddpsim/a.h": "class Box {\n" + function(61) + "};\n"})
        self.assertEqual(code, 1, output)

    def test_a_python_function_over_the_cap(self):
        code, output = run_on({"scripts/a.py": "def f():\n" + "    x = 1\n" * 60})
        self.assertEqual(code, 1, output)
        self.assertIn("f has 61 lines", output)

    def test_a_test_case_may_be_longer(self):
        self.assertEqual(run_on({"tests/unit/a_test.cc": function(100, 'TEST_CASE("a: b") {')})[0], 0)

    def test_fails_when_there_is_nothing_to_check(self):
        self.assertEqual(run_on({"README.md": ""})[0], 1)


if __name__ == "__main__":
    unittest.main()
