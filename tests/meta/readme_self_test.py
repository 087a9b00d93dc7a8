"""readme_test.py runs what pages say, catches a command that fails or hangs, and passes over what it must not run."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TEST = pathlib.Path(__file__).with_name("readme_test.py")


def run_on(page, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "PAGE.md")
        path.write_text(page)
        done = subprocess.run([sys.executable, TEST, *arguments, path], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


class ReadmeTest(unittest.TestCase):

    def test_runs_every_block_from_the_root_of_the_project(self):
        code, output = run_on("a\n```sh\ntest -f CMakeLists.txt\necho x > out\n```\nb\n```sh\n$ cat out\n```\n")
        self.assertEqual(code, 0, output)
        self.assertIn("2 blocks, 0 failed", output)

    def test_catches_a_command_that_fails(self):
        code, output = run_on("one\n\n```sh\ntrue\nfalse\ntrue\n```\n")
        self.assertEqual(code, 1)
        self.assertIn("PAGE.md:3: exit status 1", output)

    def test_catches_a_command_that_hangs(self):
        code, output = run_on("```sh\nsleep 60\n```\n", "--seconds", "1")
        self.assertEqual(code, 1)
        self.assertIn("took more than 1 s", output)

    def test_does_not_run_the_tests_within_the_tests(self):
        code, output = run_on("```sh\nscripts/test   # all\ngit clone nowhere\n```\n")
        self.assertEqual(code, 0, output)

    def test_other_fences_are_not_run(self):
        code, output = run_on("```sh\ntrue\n```\n```json\nfalse\n```\n```\nfalse\n```\n")
        self.assertEqual(code, 0, output)
        self.assertIn("1 blocks", output)

    def test_a_page_without_blocks_fails(self):
        self.assertEqual(run_on("nothing\n")[0], 1)


if __name__ == "__main__":
    unittest.main()
