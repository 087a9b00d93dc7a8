"""Slips that change nothing that anybody could see, each with the reason; read from equivalents.txt."""
import pathlib

FILE = pathlib.Path(__file__).parent / "equivalents.txt"


def read(text=None):
    """{name of a slip: reason}. A line: NAME FILE: reason."""
    reasons = {}
    for line in (FILE.read_text() if text is None else text).splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.partition(" ")
            reasons[name] = reason.strip()
    return reasons
