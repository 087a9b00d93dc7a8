#!/usr/bin/env python3
"""A full disk and a folder that cannot be written: a clear error (74), and nothing that was finished is lost.

Usage: disk_test.py DDPSIM [unittest's arguments]
"""
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from sweeps import Bench, plan, point_files

DDPSIM = ""


def limited(kilobytes):
    """Writes beyond the limit fail, as on a full disk, for the sweep and its workers."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))
    return limit


class Disk(unittest.TestCase):
    def test_a_write_that_fails_ends_the_sweep_with_74_and_keeps_what_is_finished(self):
        with Bench(DDPSIM, plan({"/workload/bs": ["4k", "8k", "16k"]})) as bench:
            bench.write(plan({"/workload/bs": ["4k"]}))
            self.assertEqual(bench.run().returncode, 0)
            kept = {path.name: path.read_bytes() for path in point_files(bench.out)}
            bench.write(plan({"/workload/bs": ["4k", "8k", "16k"]}))
            full = bench.run("--resume", preexec_fn=limited(20))
            self.assertEqual(full.returncode, 74, full.stderr)
            self.assertIn("File too large", full.stderr)
            self.assertEqual({path.name: path.read_bytes() for path in point_files(bench.out)}, kept)
            self.assertEqual(bench.run("--resume").returncode, 0)
            with Bench(DDPSIM, plan({"/workload/bs": ["4k", "8k", "16k"]})) as other:
                other.run()
                self.assertEqual(bench.csv(), other.csv())

    def test_a_full_disk(self):
        with Bench(DDPSIM, plan({"/workload/bs": ["4k"]}, repetitions=40)) as bench:
            bench.out.mkdir()
            mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", bench.out], capture_output=True)
            if mount.returncode != 0:
                self.skipTest("no right to mount a small disk")
            try:
                full = bench.run()
                points = len(point_files(bench.out))
                subprocess.run(["mount", "-o", "remount,size=8m", bench.out], check=True)
                resumed = bench.run("--resume")
                csv = bench.csv()
            finally:
                subprocess.run(["umount", bench.out], check=True)
            self.assertEqual(full.returncode, 74, full.stderr)
            self.assertIn("No space left on device", full.stderr)
            self.assertGreater(points, 0)
            self.assertEqual(resumed.returncode, 0, resumed.stderr)
            other = bench.folder / "other"
            bench.run(out=other)
            self.assertEqual(csv, bench.csv(other))

    def test_a_folder_that_cannot_be_written(self):
        user = {"user": 65534} if os.getuid() == 0 else {}
        with tempfile.TemporaryDirectory() as name, Bench(DDPSIM, plan({"/workload/bs": ["4k"]})) as bench:
            folder = pathlib.Path(name)
            folder.chmod(0o755)
            shutil.copy(DDPSIM, folder / "ddpsim")
            shutil.copy(bench.plan_file, folder / "plan.json")
            done = subprocess.run([folder / "ddpsim", "sweep", folder / "plan.json", "--out", folder / "out"],
                                  capture_output=True, text=True, **user) if user else None
            if done is None:
                folder.chmod(0o555)
                done = subprocess.run([folder / "ddpsim", "sweep", folder / "plan.json", "--out", folder / "out"],
                                      capture_output=True, text=True)
                folder.chmod(0o755)
            self.assertEqual(done.returncode, 74, done.stderr)
            self.assertRegex(done.stderr, r"out: Permission denied")



if __name__ == "__main__":
    DDPSIM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
