"""What a quarter of a city costs in commands and characters: one fact at a time, and as a round with forms.

    python benchmarks/round_commands.py [--units 30]

What people say, the texts themselves, is typed either way, and not counted: a text counts as two quotation marks.
"""

from __future__ import annotations

import argparse

PERIOD = "2025Q2"
GOALS = 3


def codes(units: int) -> list[str]:
    """Return the codes of so many units."""
    return [str(code) for code in range(4100, 4100 + units)]


def one_by_one(units: int) -> list[str]:
    """Return the commands that tell a quarter one by one: of each unit three goals, two texts and a forecast."""
    commands = ["heinola import figures ledger.csv --mapping ledger.toml"]
    for unit in codes(units):
        commands += [
            f'heinola --actor "head of unit {unit}" record goal-status {unit} {unit}-{goal} {PERIOD} in_progress ""'
            for goal in range(1, GOALS + 1)
        ]
        commands += [
            f'heinola --actor "head of unit {unit}" record narrative {unit} {PERIOD} "Important events" ""',
            f'heinola --actor "head of unit {unit}" record outlook {unit} {PERIOD} ""',
            f'heinola --actor "head of unit {unit}" record forecast {unit} expenses {PERIOD} -12 345 678 --text ""',
        ]
    return [*commands, f"heinola snapshot {PERIOD}", f"heinola publish {PERIOD}"]


def as_a_round(units: int) -> list[str]:
    """Return the commands of the same quarter as a round: as many, however many units there are."""
    return [
        "heinola import figures ledger.csv --mapping ledger.toml",
        f"heinola round open {PERIOD} --due 15.7.2025",
        f"heinola form {PERIOD} -o forms",
        "heinola round remind -o reminders",
        "heinola import form forms",
        f"heinola round submit {' '.join(codes(units))}",
        "heinola round status",
        "heinola round accept --all",
        f"heinola publish {PERIOD}",
    ]


def main() -> None:
    """Print how many commands and characters both ways take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=30)
    units = parser.parse_args().units
    print(f"{units} units{'commands':>22}{'characters':>12}")
    for name, commands in (("one fact at a time", one_by_one(units)), ("as a round with forms", as_a_round(units))):
        print(f"{name:<22}{len(commands):>8}{sum(map(len, commands)):>12}")


if __name__ == "__main__":
    main()
