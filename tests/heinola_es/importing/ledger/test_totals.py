"""The file's own totals beside ours: what adds up, in whose signs, since which total above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from heinola_es.importing.ledger.placing.totals import checks_of, findings_of, sums_by_line
from tests.heinola_es.importing.ledger.ledgers import PLAIN, read, rows

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

POSITIVE = PLAIN.replace("version = 1", 'version = 1\nsign = "expenses_positive"')


def test_totals_of_units_areas_and_all_add_up(tmp_path: Path) -> None:
    """A total may be of what stands since any total above it, or of everything."""
    text = rows(
        "HYV;410;4100;;4000;1/2020;1,00",
        "HYV;410;4100;;4300;1/2020;2,00",
        "4100 yhteensä;;;;;;3,00",
        "HYV;410;4160;;4000;1/2020;4,00",
        "4160 yhteensä;;;;;;4,00",
        "410 yhteensä;;;;;;7,00",
        "TEK;510;5100;;4000;1/2020;5,00",
        "TEK yhteensä;;;;;;5,00",
        "Kaikki yhteensä;;;;;;12,00",
    )
    assert [check.fits for check in checks_of(read(tmp_path, text, POSITIVE))] == [True] * 5


def test_a_margin_is_a_difference(tmp_path: Path) -> None:
    """Where income and expenses are both positive, a total may be one less the other, either way round."""
    for margin in ("6,00", "-6,00", "14,00"):
        text = rows("HYV;410;4100;;3000;1/2020;4,00", "HYV;410;4100;;4000;1/2020;10,00", f"Yhteensä;;;;;;{margin}")
        assert [check.fits for check in checks_of(read(tmp_path, text, POSITIVE))] == [True]


def test_a_total_that_its_rows_do_not_add_up_to_is_told(tmp_path: Path) -> None:
    """The sentence has the file's total and the sum of the rows under the total above."""
    text = rows(
        "HYV;410;4100;;4000;1/2020;1,00", "Yhteensä;;;;;;1,00", "HYV;410;4160;;4000;1/2020;2,00", "Summa;;;;;;2,50"
    )
    ledger = read(tmp_path, text, POSITIVE)
    assert findings_of(ledger) == [(5, "Summa, actual: the file says 2,50, its rows add up to 2")]
    assert sums_by_line(ledger) == {"personnel": {0: -300}}


@given(st.lists(st.lists(st.integers(1, 10**6), min_size=1, max_size=5), min_size=1, max_size=5))
def test_any_nesting_of_groups_adds_up(tmp_path_factory: pytest.TempPathFactory, groups: list[list[int]]) -> None:
    """Whatever the groups, the total of each and of all fit; one cent more in the last does not."""
    lines, account = [], 4000
    for group in groups:
        for cents in group:
            lines.append(f"HYV;410;4100;;{account};1/2020;{cents // 100},{cents % 100:02}")
            account += 1
        lines.append(f"Ryhmä yhteensä;;;;;;{sum(group) // 100},{sum(group) % 100:02}")
    whole = sum(map(sum, groups))
    folder = tmp_path_factory.mktemp("totals")
    fitting = read(folder, rows(*lines, f"Summa;;;;;;{whole // 100},{whole % 100:02}"), POSITIVE)
    assert all(check.fits for check in checks_of(fitting))
    wrong = read(folder, rows(*lines, f"Summa;;;;;;{(whole + 10**9) // 100},00"), POSITIVE)
    assert len(findings_of(wrong)) == 1
