"""scripts/ddpsim on a small project of its own: builds once, starts at once afterwards, hands on arguments and status."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAIN = '#include <cstdio>\nint main(int argc, char** argv) { std::puts(argc > 1 ? argv[1] : "none"); return 7; }\n'


# Stand-ins for a machine on which ninja-build is not installed yet: they tell what they were asked for in $LOG.
TOOLS = {
    "id": "echo 1000",
    "sudo": 'echo "sudo $*" >> "$LOG"; exec "$@"',
    "apt-get": 'echo "apt-get $*" >> "$LOG"; case "$*" in *install*) [ -z "$BROKEN" ] ;; esac',
    "dpkg-query": 'for name; do case $name in -*|*{*|ninja-build) ;; *) echo "ii  $name" ;; esac; done',
}


class LauncherTest(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name, "a path with spaces")
        shutil.copytree(ROOT / "scripts", self.root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("include", "models", "sim", "scenarios/profiles"):
            (self.root / name).mkdir(parents=True)
        (self.root / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(x CXX)\n"
                                                  "add_subdirectory(sim)\n")
        (self.root / "sim/CMakeLists.txt").write_text("add_executable(ddpsim main.cc)\n")
        (self.root / "sim/main.cc").write_text(MAIN)

    def tearDown(self):
        self.folder.cleanup()

    def start(self, *arguments, **environment):
        home = {**os.environ, "HOME": "/proc/self", **environment}  # nothing can be written there
        return subprocess.Popen([self.root / "scripts/ddpsim", *arguments], cwd="/", env=home, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_it(self, *arguments, **environment):
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def test_builds_once_and_then_says_nothing(self):
        code, out, err = self.run_it("two words")
        self.assertEqual((code, out), (7, "two words\n"), err)
        self.assertIn("building ddpsim", err)
        self.assertEqual(self.run_it("x"), (7, "x\n", ""))

    def test_sees_a_changed_an_added_and_a_removed_source(self):
        self.run_it()
        time.sleep(0.05)
        (self.root / "sim/main.cc").write_text(MAIN.replace("7", "8"))
        self.assertEqual(self.run_it()[0], 8)
        time.sleep(0.05)
        (self.root / "models/new.cc").write_text("")
        self.assertIn("building", self.run_it()[2])
        time.sleep(0.05)
        (self.root / "models/new.cc").unlink()
        self.assertIn("building", self.run_it()[2])
        self.assertEqual(self.run_it()[2], "")

    def test_a_build_that_fails_is_69_with_the_compilers_words(self):
        (self.root / "sim/main.cc").write_text("int main() { return wrong; }\n")
        code, out, err = self.run_it()
        self.assertEqual((code, out), (69, ""))
        self.assertIn("wrong", err)
        self.assertIn("the build failed", err)
        (self.root / "sim/main.cc").write_text(MAIN)
        self.assertEqual(self.run_it()[:2], (7, "none\n"))

    def test_first_calls_at_the_same_time_build_once(self):
        calls = [self.start(str(i)) for i in range(4)]
        results = [call.communicate(timeout=120) for call in calls]
        self.assertEqual([call.returncode for call in calls], [7] * 4, results)
        self.assertEqual([out for out, _ in results], [f"{i}\n" for i in range(4)])
        self.assertEqual(sum("building ddpsim" in err for _, err in results), 1, results)

    def run_without_ninja(self, broken):
        tools, log = self.root / "tools", self.root / "log"
        tools.mkdir()
        for name, body in TOOLS.items():
            (tools / name).write_text(f"#!/bin/sh\n{body}\n")
            (tools / name).chmod(0o755)
        result = self.run_it("x", PATH=f"{tools}:{os.environ['PATH']}", LOG=str(log), BROKEN=broken)
        return result, log.read_text()

    def test_installs_what_is_missing_and_nothing_else(self):
        (code, out, err), log = self.run_without_ninja(broken="")
        self.assertEqual((code, out), (7, "x\n"), err)
        self.assertIn("installing ninja-build", err)
        self.assertIn(" update\n", log)
        self.assertRegex(log, r"(?m)^sudo .* install --no-install-recommends ninja-build$")
        self.assertRegex(log, r"(?m)^apt-get .* install --no-install-recommends ninja-build$")

    def test_a_package_that_cannot_be_installed_is_69(self):
        (code, out, err), _ = self.run_without_ninja(broken="yes")
        self.assertEqual((code, out), (69, ""))
        self.assertIn("could not install ninja-build", err)

    def test_works_through_a_symbolic_link(self):
        link = pathlib.Path(self.folder.name, "ddp")
        link.symlink_to(self.root / "scripts/ddpsim")
        self.assertEqual(subprocess.run([link, "x"], capture_output=True).stdout, b"x\n")

    def test_a_moved_checkout_builds_anew(self):
        self.run_it()
        moved = self.root.with_name("moved")
        self.root.rename(moved)
        self.root = moved
        (moved / "sim/main.cc").write_text(MAIN.replace("7", "9"))
        code, out, err = self.run_it()
        self.assertEqual((code, out), (9, "none\n"), err)


if __name__ == "__main__":
    unittest.main()
