#!/usr/bin/env python3
"""The report's page in a real headless Chromium: no console error, no request to any host, every chart has data, a click leads
to a point's full result, dark, phone and print work, and failed points are said at the top.

Usage: page_test.py DDPSIM [unittest's arguments]
"""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sweep"))

import browser  # noqa: E402
from sweeps import Bench, children, plan, wait_for  # noqa: E402

DDPSIM = ""
AXES = {"/workload/bs": ["4k", "32k", "64k"], "/network/c2h/loss/probability": [0.001, 0.02]}
PLAN = plan(AXES, repetitions=2, compare=["software", "crc", "ddp", "ddp+crc"], set={"/network/c2h/loss/model": "bernoulli"})
CHARTS = "[...document.querySelectorAll('[data-chart]')].map((one) => [one.dataset.chart, Number(one.dataset.points)])"
# Pixels of a chart that are not background: lines were really drawn.
INK = """[...document.querySelectorAll('.uplot canvas')].map((one) => {
  const all = one.getContext('2d').getImageData(0, 0, one.width, one.height).data;
  let ink = 0;
  for (let at = 3; at < all.length; at += 4) ink += all[at] > 200 ? 1 : 0;
  return ink;
})"""


def wrong_with(page):
    """What a page must not do, in words."""
    wrong = [f"console: {text}" for text in page.complaints()]
    wrong += [f"asks for {url}" for url in page.requests() if not re.match(r"(file|data|blob):", url)]
    charts = page.evaluate(CHARTS)
    wrong += [] if charts else ["no charts"]
    return wrong + [f"no data in {name}" for name, points in charts if points == 0]


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench(DDPSIM, PLAN)
        done = cls.bench.run()
        assert done.returncode == 0, done.stderr
        cls.report = cls.bench.call("report", cls.bench.out)
        assert cls.report.returncode == 0, cls.report.stderr
        cls.html = cls.bench.out / "report.html"
        cls.browser = browser.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.bench.close()

    @contextlib.contextmanager
    def page(self, file=None, **looks):
        self.browser.look(**looks)
        self.browser.open(file or self.html)
        yield self.browser

    def test_charts_have_data_and_nothing_is_asked_for(self):
        with self.page() as page:
            self.assertEqual(wrong_with(page), [])
            names = {name for name, _ in page.evaluate(CHARTS)}
            for wanted in ("heatmap ddp+crc", "cycles_saved bs 4k", "bw_bytes bs 4k", "clat_p50 bs 4k", "clat_p99 bs 64k",
                           "placed_fraction bs 32k", "resync_requests bs 64k", "cycle breakdown"):
                self.assertIn(wanted, names)
            self.assertGreater(min(page.evaluate(INK)), 200)

    def test_a_click_leads_to_the_point_with_its_result_and_command(self):
        with self.page() as page:
            page.evaluate("document.querySelector('table.heat td button').click()")
            self.assertEqual(page.evaluate("document.getElementById('point-name').textContent"), "bs 4k, loss/probability 0.001")
            self.assertIn("ddpsim run", page.evaluate("document.querySelector('.command code').textContent"))
            page.evaluate("[...document.querySelectorAll('.point button')].find((one) => one.textContent === 'full result').click()")
            wait_for(lambda: page.evaluate("document.querySelector('.result summary') !== null"))
            self.assertIn("ddpsim-result/1", page.evaluate("document.querySelector('.result').textContent"))
            self.assertEqual(wrong_with(page), [])

    def test_other_axes_can_be_chosen(self):
        with self.page() as page:
            page.evaluate("(() => { const box = document.querySelector('#controls select'); box.value = '0';"
                          " box.dispatchEvent(new Event('change')); })()")
            self.assertIn("cycles_saved loss/probability 0.02", {name for name, _ in page.evaluate(CHARTS)})
            self.assertEqual(wrong_with(page), [])

    def test_a_phone_needs_no_sideways_scrolling(self):
        with self.page(width=390, height=844, mobile=True) as page:
            self.assertEqual(wrong_with(page), [])
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 390)

    def test_dark_is_dark_and_paper_is_white(self):
        brightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b)"
        with self.page(dark=True) as page:
            self.assertLess(page.evaluate(brightness), 200)
            page.look(dark=True, media="print")
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
            self.assertGreater(page.evaluate(brightness), 700)
            self.assertEqual(page.evaluate("getComputedStyle(document.getElementById('controls')).display"), "none")
            self.assertEqual(wrong_with(page), [])

    def test_the_checks_catch_a_page_that_errs_or_asks_or_is_empty(self):
        text = self.html.read_text()
        broken = {
            "console: ": text.replace("\nstart();\n", "\nconsole.error('planted');\nstart();\n"),
            "asks for http": re.sub("<meta http-equiv[^>]*>", "", text).replace("</main>", "<img src='http://127.0.0.1:9/x.png'></main>"),
            "no data in cycles_saved": text.replace("const filled = values.reduce(", "const filled = 0 * values.reduce("),
        }
        for wanted, changed in broken.items():
            self.assertTrue(changed != text, wanted)
            file = self.bench.folder / "broken.html"
            file.write_text(changed)
            with self.subTest(wanted), self.page(file) as page:
                self.assertTrue(any(one.startswith(wanted) for one in wrong_with(page)), wrong_with(page))

    def test_the_page_is_the_same_bytes_each_time(self):
        before = self.html.read_bytes()
        self.bench.call("report", self.bench.out)
        self.assertEqual(self.html.read_bytes(), before)

    def test_the_page_goes_to_standard_output_alone(self):
        done = self.bench.call("report", self.bench.out, "--html", "-")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, self.html.read_text())
        self.assertFalse(pathlib.Path("-").exists())

    def test_the_terminal_table_has_a_row_per_point_and_a_column_per_mode(self):
        lines = self.report.stdout.splitlines()
        self.assertIn("cycles_saved", lines[1])
        self.assertEqual(lines[3].split(), ["software", "crc", "ddp", "ddp+crc"])
        self.assertEqual(len([line for line in lines if line.startswith("bs=")]), 6)
        other = self.bench.call("report", self.bench.out, "--metric", "clat_p99")
        self.assertIn("clat_p99: completion latency", other.stdout)
        wrong = self.bench.call("report", self.bench.out, "--metric", "clat_p9")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn('did you mean "clat_p99"?', wrong.stderr)

    def test_plots_are_written_for_papers(self):
        done = self.bench.call("report", self.bench.out, "--quiet", "--plots", self.bench.folder / "plots")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("yerrorlines", (self.bench.folder / "plots" / "clat_p50.gp").read_text())
        if shutil.which("gnuplot"):
            self.assertIn("<svg", (self.bench.folder / "plots" / "clat_p50.svg").read_text())


class ShippedSweep(unittest.TestCase):
    def test_eight_block_sizes_by_three_mtus_by_four_modes(self):
        """README's sweep, each run cut to 4 ms of simulated time."""
        with Bench(DDPSIM, "") as bench:
            bench.plan_file = HERE.parents[1] / "scenarios" / "sweep" / "bs_mtu.json"
            done = bench.run("--set", "/workload/runtime_ms=4")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(bench.call("report", bench.out).returncode, 0)
            with browser.Browser() as page:
                page.open(bench.out / "report.html")
                self.assertEqual(wrong_with(page), [])
                charts = dict(page.evaluate(CHARTS))
                for mode in ("crc", "ddp", "ddp+crc"):
                    self.assertEqual(charts["heatmap " + mode], 24)
                for mtu in (1500, 4096, 9000):
                    self.assertEqual(charts[f"bw_bytes mtu {mtu}"], 8 * 4)
                self.assertGreater(min(page.evaluate(INK)), 200)


class FailedPoints(unittest.TestCase):
    def test_page_and_table_say_at_the_top_that_points_failed(self):
        with Bench(DDPSIM, plan({"/workload/bs": ["4k", "8k"]}, set={"/workload/total_ios": 4000})) as bench:
            process = bench.start("--jobs", "1")
            os.kill(wait_for(lambda: children(process.pid))[0], signal.SIGKILL)
            process.communicate(timeout=300)
            done = bench.call("report", bench.out)
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stdout.startswith("NOT WHOLE: 1 of 2 points are there; 1 failed"))
            with browser.Browser() as page:
                page.open(bench.out / "report.html")
                alert = page.evaluate("document.querySelector('[role=alert]').innerText")
                self.assertIn("This sweep is not whole: 1 of 2 points are there, 1 failed.", alert)
                self.assertIn("killed by signal 9", alert)
                first = page.evaluate("document.querySelector('main').firstElementChild.id")
                self.assertEqual(first, "alert")
                self.assertEqual(page.complaints(), [])


if __name__ == "__main__":
    DDPSIM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
