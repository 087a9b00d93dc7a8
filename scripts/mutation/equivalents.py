"""Slips with a reason why no test finds them: in equivalents.txt those that change nothing that anybody could see, in survivors.txt
those that do."""
import pathlib

FOLDER = pathlib.Path(__file__).parent


def parse(text):
    """{name of a slip: reason}. A line: NAME FILE: reason."""
    reasons = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.partition(" ")
            reasons[name] = reason.strip()
    return reasons


def read(text=None):
    """Of the equivalent ones."""
    return parse((FOLDER / "equivalents.txt").read_text() if text is None else text)


def survivors():
    return parse((FOLDER / "survivors.txt").read_text())
