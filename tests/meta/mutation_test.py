#!/usr/bin/python3
"""scripts/mutation: slips are found where a reader would make them, planted so that each can be switched on alone, and counted."""
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "mutation"))
sys.dont_write_bytecode = True

import areas  # noqa: E402
import campaign  # noqa: E402
import equivalents  # noqa: E402
import killers  # noqa: E402
import planting  # noqa: E402
import report  # noqa: E402
import sites  # noqa: E402

SOURCE = """
extern "C" int printf(const char*, ...);
namespace std { constexpr int min(int x, int y) { return y < x ? y : x; }
constexpr int max(int x, int y) { return x < y ? y : x; } }
#define CHECK_THAT(condition) if (!(condition)) return 9
constexpr int kLimit = 10;
static_assert(kLimit + 1 == 11);
struct Pair { int left = 1; int right = 2; };
int Clamp(int value) { return std::min(value, kLimit); }
bool Below(int a, int b) { return a < b; }
int main() {
  Pair pair;
  int sum = 0;
  sum += pair.left;
  CHECK_THAT(sum + 1 == 2);
  if (Below(sum, 1)) sum = 7;
  printf("%d %d\\n", Clamp(sum + 20), sum);
}
"""
FLAGS = ["-x", "c++", "-std=c++17"]


class MutationTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        (self.root / "x.cc").write_text(SOURCE)
        self.sites = sites.sites_of(self.root, "x.cc", FLAGS)

    def site(self, kind, original):
        found = [s for s in self.sites if s.kind == kind and s.original == original]
        self.assertEqual(len(found), 1, f"{kind} {original}: {[(s.kind, s.original) for s in self.sites]}")
        return found[0]

    def program(self, chosen):
        slips = [planting.Slip(number, "x", site) for number, site in enumerate(chosen)]
        text = planting.with_slips(SOURCE.encode(), slips)
        (self.root / "planted.cc").write_bytes(text)
        subprocess.run(["g++", "-std=c++17", "-w", "-include", ROOT / "scripts" / "mutation" / "planted.h",
                        self.root / "planted.cc", "-o", self.root / "planted"], check=True)

    def output(self, number=None, **more):
        env = {**os.environ, **more}
        if number is not None:
            env["DDPSIM_PLANTED"] = str(number)
        done = subprocess.run([self.root / "planted"], env=env, capture_output=True, text=True)
        return done.stdout.strip() or f"exit {done.returncode}"

    def test_each_kind_of_slip_changes_what_the_program_does_when_it_is_on(self):
        chosen = [self.site("bound", "std::min(value, kLimit)"), self.site("relation", "a < b"),
                  self.site("dropped", "sum += pair.left"), self.site("arithmetic", "sum + 20")]
        self.program(chosen)
        self.assertEqual(self.output(), "10 1")
        self.assertEqual([self.output(n) for n in range(4)], ["21 1", "10 7", "exit 9", "-19 1"])

    def test_a_swapped_field_and_a_moved_constant(self):
        self.program([self.site("field", "pair.left"), self.site("constant", "kLimit")])
        self.assertEqual([self.output(n) for n in range(2)], ["exit 9", "11 1"])

    def test_macros_and_what_the_compiler_evaluates_hold_no_site(self):
        self.assertFalse([s for s in self.sites if "sum + 1" in s.original or s.original in ("11", "2")])

    def test_hints_and_what_a_switch_of_a_planted_bug_guards_are_left_out_of_the_draw(self):
        source = b"void f(V& v, int n) {\n  v.reserve(n + 1);\n  if (__builtin_expect(n > 2, 0)) v.add(n + 3);\n" \
                 b"  if (DDPSIM_MUTANT(kX) && n > 4) n = 5;\n}\n"

        def is_hint(text, kind="constant"):
            at = source.index(text)
            return areas.is_hint(source, sites.Site("x.cc", at, at + len(text), 1, kind, text.decode(), "", "f"))
        self.assertTrue(is_hint(b"n + 1", "arithmetic"))
        self.assertTrue(is_hint(b"0"))
        self.assertFalse(is_hint(b"n > 2", "relation"))
        self.assertFalse(is_hint(b"3"))
        self.assertTrue(is_hint(b"n > 4", "relation"))
        self.assertFalse(is_hint(b"5"))

    def test_which_slips_a_program_reaches_is_known(self):
        self.program([self.site("relation", "a < b"), self.site("constant", "7")])
        reach = self.root / "reach"
        reach.write_bytes(bytes(2))
        self.output(DDPSIM_PLANTED_REACH=str(reach))
        self.assertEqual(list(reach.read_bytes()), [1, 0])

    def test_a_slip_that_does_not_compile_is_taken_out(self):
        planter = planting.Planter(self.root, flags=FLAGS)
        good = planting.Slip(0, "x", self.site("relation", "a < b"))
        site = self.site("bound", "std::min(value, kLimit)")
        bad = planting.Slip(1, "x", sites.Site(site.file, site.begin, site.end, site.line, "bound", site.original, "nowhere()",
                                               site.function))
        planter.planted["x.cc"] = [good, bad]
        text = planting.with_slips(SOURCE.encode(), [good, bad])
        self.assertTrue(planter.remove_by_line("x.cc", text, 1 + text[:text.index(b"nowhere()")].count(b"\n")))
        self.assertEqual(planter.planted["x.cc"], [good])

    def test_a_name_outlives_lines_that_move(self):
        (self.root / "x.cc").write_text("\n\n// more\n" + SOURCE)
        moved = sites.sites_of(self.root, "x.cc", FLAGS)
        self.assertEqual([s.name for s in moved], [s.name for s in self.sites])
        self.assertEqual(len({s.name for s in self.sites}), len(self.sites))

    def test_a_killer_that_fails_hangs_or_dies_has_found_the_slip_and_one_that_passes_has_not(self):
        def verdict(script):
            return killers.run(killers.Killer("x", ["sh", "-c", script], self.folder.name), self.folder.name, 1)[0]
        self.assertIsNone(verdict("exit 0"))
        self.assertEqual(verdict("exit 3"), "exit 3")
        self.assertEqual(verdict("kill -11 $$"), "signal 11")
        self.assertEqual(verdict("while :; do :; done"), "did not end")

    def test_slips_are_asked_about_in_stages_and_what_lived_only_what_is_new(self):
        one = campaign.Campaign(ROOT, self.folder.name, 1, 60, 2, ["pcie"], lambda text: None)
        one.slips = [planting.Slip(number, "pcie", site) for number, site in enumerate(self.sites[:5])]
        asked = self.root / "asked"

        def killer(name, seconds, finds, reached):
            script = f"echo {name} $DDPSIM_PLANTED >> {asked}; [ $DDPSIM_PLANTED != {finds} ]"
            return killers.Killer(name, ["sh", "-c", script], self.folder.name, seconds, bytes(reached), name)
        one.killers = [killer("dear", 9, 2, [0, 1, 1, 1, 0]), killer("unit_pcie", 0.1, 1, [1, 1, 1, 0, 0])]
        one.run()
        self.assertEqual({n: v["killer"] for n, v in one.verdicts.items()},
                         {0: None, 1: "unit_pcie", 2: "dear", 3: None, 4: None})
        self.assertEqual(one.verdicts[4]["how"], "not reached")
        self.assertEqual(sorted(asked.read_text().splitlines()),
                         ["dear 2", "dear 3", "unit_pcie 0", "unit_pcie 1", "unit_pcie 2"])
        asked.unlink()
        one.killers.append(killer("new", 0.1, 3, [1, 0, 0, 1, 0]))
        one.run()
        self.assertEqual(sorted(asked.read_text().splitlines()), ["new 0", "new 3"])
        self.assertEqual(one.verdicts[3]["killer"], "new")

    def test_the_table_counts_survivors_and_sets_equivalent_ones_apart(self):
        chosen = self.sites[:3]
        reasons = equivalents.read(f"# words\n{chosen[1].name} x.cc: nothing reads it\n")
        self.addCleanup(setattr, equivalents, "read", equivalents.read)
        equivalents.read = lambda: reasons
        whole = types.SimpleNamespace(
            slips=[planting.Slip(n, "tcp", site) for n, site in enumerate(chosen)], seed=1, todo=lambda slip, stage: [],
            verdicts={0: {"killer": "unit_tcp", "kind": "unit tests", "how": "exit 1"}, 1: {"killer": None, "how": "survived"},
                      2: {"killer": None, "how": "not reached"}})
        table, alive = report.rows(whole)
        self.assertEqual(table, [("tcp", 3, 1, 1, 1, "50.0")])
        self.assertEqual([how for _, how, _ in alive], ["survived", "not reached"])
        self.assertIn("| tcp | 3 | 1 | 0 | 1 | 0 | 0 | 0 | 1 | 1 | 50.0 |", report.text(whole, "command", "commit", "today"))
        self.assertIn("equivalent: x.cc: nothing reads it", report.text(whole, "command", "commit", "today"))

    def test_a_campaign_holds_when_all_slips_were_judged_and_enough_found(self):
        slips = [planting.Slip(n, "tcp", self.sites[0]) for n in range(20)]
        killed = {n: {"killer": "unit_tcp", "kind": "unit tests", "how": "exit 1"} for n in range(20)}
        lived = {"killer": None, "how": "survived"}
        for verdicts, right in ((killed, True), ({**killed, 0: lived}, True), ({**killed, 0: lived, 1: lived}, False),
                                ({n: killed[n] for n in range(19)}, False), ({}, False)):
            self.assertEqual(report.holds(types.SimpleNamespace(slips=slips, verdicts=verdicts)), right)

    def test_verdicts_without_a_plan_are_kept_under_another_name(self):
        folder = self.root / "campaign"
        folder.mkdir()
        (folder / "verdicts.jsonl").write_text("{}\n")
        one = campaign.Campaign(self.root, folder, 1, 1, 1, [], print)
        one.plant_and_build = one.survey = lambda: None
        one.prepare()
        self.assertEqual((folder / "unknown-verdicts.jsonl").read_text(), "{}\n")

    def test_the_table_says_why_a_slip_lives_and_how_many_were_not_judged(self):
        self.addCleanup(setattr, equivalents, "survivors", equivalents.survivors)
        lives = self.sites[0]
        equivalents.survivors = lambda: equivalents.parse(f"{lives.name} x.cc: the slip is what Linux does\n")
        whole = types.SimpleNamespace(slips=[planting.Slip(n, "tcp", site) for n, site in enumerate(self.sites[:2])], seed=1,
                                      todo=lambda slip, stage: ["dear"] if slip.number == 0 else [],
                                      verdicts={0: {"killer": None, "how": "survived"}})
        text = report.text(whole, "command", "commit", "today", "The tests are newer.")
        self.assertIn(" The tests are newer. 1 of 2 slips", text)
        self.assertIn("1 that live have not been given to every test yet.", text)
        self.assertIn("x.cc: the slip is what Linux does |", text)
        self.assertNotIn("equivalent: x.cc", text)
        self.assertIn("1 of 2 slips have not been judged.", text)


if __name__ == "__main__":
    unittest.main()
