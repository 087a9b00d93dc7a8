"""scripts/refresh_docs writes what commands print into pages, and --check catches a page that says something else."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

REFRESH = pathlib.Path(__file__).resolve().parents[2] / "scripts/refresh_docs"


class RefreshDocsTest(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.page = pathlib.Path(self.folder.name, "PAGE.md")

    def tearDown(self):
        self.folder.cleanup()

    def refresh(self, page, *arguments):
        self.page.write_text(page)
        done = subprocess.run([sys.executable, REFRESH, *arguments, self.page], capture_output=True, text=True)
        return done.returncode, self.page.read_text(), done.stdout

    def test_writes_what_a_command_prints(self):
        code, page, said = self.refresh("a\n<!-- OUTPUT: echo x -->\nold\n<!-- END -->\nb\n")
        self.assertEqual((code, page), (0, "a\n<!-- OUTPUT: echo x -->\n```text\nx\n```\n<!-- END -->\nb\n"), said)
        code, again, _ = self.refresh(page)
        self.assertEqual((code, again), (0, page))
        self.assertEqual(self.refresh(page, "--check")[0], 0)

    def test_a_table_has_no_fence(self):
        page = self.refresh("<!-- TABLE: echo '| x |' -->\n<!-- END -->\n")[1]
        self.assertEqual(page, "<!-- TABLE: echo '| x |' -->\n| x |\n<!-- END -->\n")

    def test_check_catches_a_stale_page_and_leaves_it(self):
        stale = "<!-- OUTPUT: echo x -->\n```text\ny\n```\n<!-- END -->\n"
        code, page, said = self.refresh(stale, "--check")
        self.assertEqual((code, page), (1, stale))
        self.assertIn("-y\n+x\n", said)

    def test_a_command_that_fails_writes_nothing(self):
        old = "<!-- OUTPUT: echo x; false -->\n```text\ny\n```\n<!-- END -->\n"
        code, page, said = self.refresh(old)
        self.assertEqual((code, page), (1, old))
        self.assertIn("exit status 1", said)

    def test_a_page_without_blocks_fails(self):
        self.assertEqual(self.refresh("nothing\n")[0], 1)


if __name__ == "__main__":
    unittest.main()
