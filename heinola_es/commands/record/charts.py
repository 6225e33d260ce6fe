"""`heinola record`: the chart of lines, from a fiscal year on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import FiscalYear

if TYPE_CHECKING:
    from heinola_es.commands.recording import Recording


@click.command(cls=Form)
@click.argument("file", type=click.Path(path_type=Path), help="The chart (TOML), or the id of one that is shipped.")
@click.option(
    "--from", "from_year", type=FiscalYear(), metavar="YEAR", required=True, help="The first fiscal year that has it."
)
@options.restating
@options.recording
def chart(recording: Recording, file: Path, from_year: int) -> None:
    """Take a chart into use from a fiscal year on.

    Figures of earlier years keep the lines that they were recorded on. A line may say what it continues
    (continues = "old_code"), so that last year's column compares.

    Example:
      heinola record chart kartta-2027.toml --from 2027
    """
    from heinola_es.domain.chart_file import chart_told
    from heinola_es.handlers.charts import adopt_chart

    recording.run(adopt_chart, chart_told(file), from_year)
