"""A short share of `scripts/soak extreme`: drawn scenarios and altered captures through the product binary; no finding.

Usage: extreme_test.py --ddpsim BINARY [--first SEED] [--count N] [--captures N]
"""
import argparse
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import soak_extreme  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddpsim", required=True, type=pathlib.Path)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--captures", type=int, default=60)
    parser.add_argument("--sanitize", action="store_true")
    options = parser.parse_args()
    options.jobs = 1
    originals = sorted((ROOT / "tests" / "data" / "captures").glob("*.pcap.gz"))
    with tempfile.TemporaryDirectory() as name:
        options.work = pathlib.Path(name)
        lines = soak_extreme.run_all(str(options.ddpsim.resolve()), options, [str(path) for path in originals], print)
    for row in [soak_extreme.HEADER, *soak_extreme.table(lines)]:
        print(" | ".join(map(str, row)))
    return 1 if not lines or any(line["finding"] for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
