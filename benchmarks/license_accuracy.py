"""How right our reading of rights statements is, on real statements labelled by hand.

Run as ``python -m benchmarks.license_accuracy``. Each column counts answers that are right, left
unknown (we gave none where there is one) and wrong (we gave another, or one where there is none).
Beside ours stands a plain substring table, as repositories commonly use. A family that is wrong
makes the run fail: errors must be on the closed side.
"""

import csv
import os
import sys
from collections import Counter
from pathlib import Path

from oer.metadata.license_record import COLUMNS, record

MEASURED = tuple(column for column in COLUMNS if column != "basis")
OUTCOMES = ("right", "unknown", "wrong")
SUBSTRINGS = (
    ("nc-nd", "cc-by-nc-nd"),
    ("nc-sa", "cc-by-nc-sa"),
    ("by-nc", "cc-by-nc"),
    ("by-nd", "cc-by-nd"),
    ("by-sa", "cc-by-sa"),
    ("publicdomain/zero", "cc0"),
    ("cc0", "cc0"),
    ("publicdomain/mark", "pdm"),
    ("noncommercial", "cc-by-nc"),
    ("sharealike", "cc-by-sa"),
    ("noderiv", "cc-by-nd"),
    ("cc-by", "cc-by"),
    ("cc by", "cc-by"),
    ("licenses/by", "cc-by"),
    ("attribution", "cc-by"),
)
"""The first substring found decides, as in the tables that read licences this way."""


def main() -> int:
    path = gold_file()
    if not path.exists():
        print(
            f"No labelled statements at {path}: nothing measured. OER_SHARED_DATA names the folder."
        )
        return 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = [record(row["string"]) for row in rows]
    print(f"{len(rows)} labelled statements of {path.name}\n")
    print(f"{'':20} {'ours':^26}   {'substrings':^26}")
    outcomes = " ".join(f"{name:>8}" for name in OUTCOMES)
    print(f"{'column':20} {outcomes}   {outcomes}")
    for column in MEASURED:
        mine = tally(rows, ours, column)
        print(f"{column:20} {counts(mine)}", end="")
        plain = [baseline(row["string"]) for row in rows] if column == "family" else None
        print(f"   {counts(tally(rows, plain, column))}" if plain else "")
    disagreements(rows, ours)
    wrong = tally(rows, ours, "family")["wrong"]
    if wrong:
        print(f"\n{wrong} families are wrong.", file=sys.stderr)
    return 1 if wrong else 0


def gold_file() -> Path:
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("OER_SHARED_DATA", default)) / "gold" / "rights_examples.csv"


def baseline(text: str) -> dict[str, str]:
    lowered = text.lower()
    return {"family": next((family for part, family in SUBSTRINGS if part in lowered), "")}


def outcome(expected: str, answer: str) -> str:
    if answer == expected:
        return "right"
    return "wrong" if answer else "unknown"


def tally(rows: list[dict[str, str]], answers: list[dict[str, str]], column: str) -> "Counter[str]":
    return Counter(
        outcome(row[column], answer[column]) for row, answer in zip(rows, answers, strict=True)
    )


def counts(tallied: "Counter[str]") -> str:
    return " ".join(f"{tallied[name]:>8}" for name in OUTCOMES)


def disagreements(rows: list[dict[str, str]], ours: list[dict[str, str]]) -> None:
    print("\nDisagreements")
    found = False
    for row, answer in zip(rows, ours, strict=True):
        differing = [column for column in MEASURED if row[column] != answer[column]]
        if differing:
            found = True
            print(f"  {row['string'][:90]!r}")
        for column in differing:
            print(
                f"    {column}: {answer[column] or '(empty)'}, labelled {row[column] or '(empty)'}"
            )
    if not found:
        print("  none")


if __name__ == "__main__":
    sys.exit(main())
