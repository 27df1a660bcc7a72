"""The command `kollegial simulate`: a module for each thing that people do together."""

import typer

from cli.console import Commands
from cli.simulate import (
    colleague,
    half_year,
    office,
    panel,
    questionnaire,
    rehearsal,
    series,
    session,
    study,
    talk,
)

app = typer.Typer(
    cls=Commands,
    add_completion=False,
    name="simulate",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def simulate() -> None:
    """Let simulated people use the bot. This loads it, shows it, and tests it."""


app.command("study")(study.simulate)
app.command("questionnaire")(questionnaire.simulate)
app.command("series")(series.simulate)
app.command("session")(session.simulate)
app.command("office")(office.simulate)
app.command("colleague")(colleague.simulate)
app.command("panel")(panel.simulate)
app.command("half-year")(half_year.simulate)
app.command("talk")(talk.simulate)
app.command("rehearsal")(rehearsal.simulate)
