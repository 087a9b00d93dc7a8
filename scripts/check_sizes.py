#!/usr/bin/env python3
"""Checks that files have at most 400 lines and functions at most 60, and prints how long they are.

Functions are measured by Universal Ctags from the name to the closing brace. TEST_CASEs may be longer; data is not looked at.
Usage: check_sizes.py [ROOT]; prints each violation and exits with 1 when there is one.
"""
import json
import pathlib
import subprocess
import sys

FILE_CAP = 400
FUNCTION_CAP = 60
FOLDERS = ("include", "models", "sim", "tests", "benchmarks", "scripts", ".ci")
SUFFIXES = {".h": "C++", ".cc": "C++", ".py": "Python"}
FUNCTION_KINDS = {"function", "method", "member"}
CTAGS = ["ctags", "--output-format=json", "--fields=+ne", "--languages=C++,Python", "--langmap=C++:+.h",
         "--kinds-C++=f", "-f", "-", "-L", "-"]


def is_source(path, root):
    relative = path.relative_to(root)
    if relative.parts[:2] == ("tests", "data") or "__pycache__" in relative.parts or not path.is_file():
        return False
    if path.suffix in SUFFIXES or path.suffix == ".sh":
        return True
    return path.suffix == "" and path.read_bytes()[:2] == b"#!"


def sources(root):
    return sorted(p for folder in FOLDERS for p in (root / folder).rglob("*") if is_source(p, root))


def function_lengths(files):
    """[(length, file, line, name)] of the functions that have a body."""
    names = "\n".join(str(f) for f in files if f.suffix in SUFFIXES)
    if not names:
        return []
    output = subprocess.run(CTAGS, input=names, capture_output=True, text=True, check=True).stdout
    tags = [json.loads(line) for line in output.splitlines()]
    return [(tag["end"] - tag["line"] + 1, tag["path"], tag["line"], tag["name"]) for tag in tags
            if tag.get("kind") in FUNCTION_KINDS and "end" in tag and not tag["name"].endswith("TEST_CASE")]


def describe(what, lengths):
    ordered = sorted(lengths)
    if not ordered:
        return f"{what}: none"
    median, p95 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    return f"{what}: {len(ordered)}, lines median {median}, p95 {p95}, max {ordered[-1]}"


def check(root):
    files = sources(root)
    lines = {f: len(f.read_text().splitlines()) for f in files}
    functions = function_lengths(files)
    problems = [f"{f.relative_to(root)}: {n} lines, cap {FILE_CAP}" for f, n in lines.items() if n > FILE_CAP]
    problems += [f"{pathlib.Path(path).relative_to(root)}:{line}: {name} has {n} lines, cap {FUNCTION_CAP}"
                 for n, path, line, name in functions if n > FUNCTION_CAP]
    summary = [describe("files", lines.values()), describe("functions", [f[0] for f in functions])]
    return problems, summary, len(files)


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parents[1]
    found, figures, count = check(pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else here)
    print("\n".join(found + figures + [f"check_sizes: {len(found)} violations"]))
    sys.exit(1 if found or count == 0 else 0)
