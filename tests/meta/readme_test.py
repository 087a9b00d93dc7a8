"""Every ```sh block of a page runs as it stands (bash -e, from the root of the project), so that pages stay true.

Blocks run one after the other in a scratch folder of links to the checkout, where what they write is thrown away.
Lines that start one of SKIPPED are only checked for naming a file that exists: they would install things, or run this test.
Usage: readme_test.py [--seconds N] [--list] PAGE...
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
SKIPPED = re.compile(r"^\s*(scripts/test|scripts/soak|\.ci/run|git clone|cd|sudo|apt-get|apt)(\s|$)")
# What a block may write to without altering the checkout: copies. The rest are links.
COPIED = {"results"}


def blocks(page):
    """[(line number, text)] of the page's sh blocks; a leading `$ ` prompt is dropped."""
    text = page.read_text()
    found = []
    for match in BLOCK.finditer(text):
        body = re.sub(r"^\$ ", "", match[1], flags=re.MULTILINE)
        found.append((text.count("\n", 0, match.start()) + 1, body))
    return found


def runnable(body):
    """The block with its skipped commands taken out, and the project files that those name."""
    lines, named = [], []
    for line in body.splitlines():
        skip = SKIPPED.match(line)
        if skip and "/" in skip[1]:
            named.append(skip[1])
        lines.append(":" if skip else line)
    return "\n".join(lines) + "\n", named


def scratch(folder):
    for entry in ROOT.iterdir():
        if entry.name in COPIED:
            subprocess.run(["cp", "-r", entry, folder], check=True)
        elif entry.name != ".git":
            (folder / entry.name).symlink_to(entry)


def run_block(place, body, folder, seconds):
    """None, or what went wrong."""
    script, named = runnable(body)
    for name in named:
        if not os.access(ROOT / name, os.X_OK):
            return f"{place}: {name} is not there, or not executable"
    try:
        done = subprocess.run(["bash", "-e", "-u", "-o", "pipefail", "-c", script], cwd=folder, timeout=seconds,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace")
    except subprocess.TimeoutExpired:
        return f"{place}: took more than {seconds} s:\n{body}"
    if done.returncode != 0:
        return f"{place}: exit status {done.returncode}:\n{body}\n{done.stdout[-3000:]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=120, help="time limit of one block")
    parser.add_argument("--list", action="store_true", help="print the blocks instead of running them")
    options = parser.parse_args()
    failures, count = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        scratch(folder)
        for page in options.pages:
            for line, body in blocks(page):
                count += 1
                place = f"{page.name}:{line}"
                print(f"{place}: {body.strip()}", flush=True)
                problem = None if options.list else run_block(place, body, folder, options.seconds)
                if problem:
                    failures.append(problem)
    print("\n".join(failures + [f"readme_test: {count} blocks, {len(failures)} failed"]))
    return 1 if failures or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
