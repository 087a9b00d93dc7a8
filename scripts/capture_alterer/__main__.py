"""Writes an altered copy of a capture and says what was altered. Run it in scripts/:

    python3 -m capture_alterer IN.pcap.gz OUT.pcap --seed 7 [--count 3] [--window 500]
"""
import argparse
import pathlib

from .alterer import alter, load


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, help="alterations (1 to 12, by the seed)")
    parser.add_argument("--window", type=int, default=500, help="records")
    options = parser.parse_args()
    capture, _, log = alter(load(options.source), options.seed, options.count, options.window)
    capture.write(options.target)
    print("\n".join(log))


main()
