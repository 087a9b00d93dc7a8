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


class LauncherTest(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name, "a path with spaces")
        shutil.copytree(ROOT / "scripts", self.root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("include", "models", "sim"):
            (self.root / name).mkdir()
        (self.root / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(x CXX)\n"
                                                  "add_subdirectory(sim)\n")
        (self.root / "sim/CMakeLists.txt").write_text("add_executable(ddpsim main.cc)\n")
        (self.root / "sim/main.cc").write_text(MAIN)

    def tearDown(self):
        self.folder.cleanup()

    def start(self, *arguments):
        home = {**os.environ, "HOME": "/proc/self"}  # nothing can be written there
        return subprocess.Popen([self.root / "scripts/ddpsim", *arguments], cwd="/", env=home, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_it(self, *arguments):
        process = self.start(*arguments)
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
