"""The command `kollegial simulate`: a module for each thing that people do together."""

import typer

from bot.simulate import questionnaire_command, series_command, session_command, study_command

app = typer.Typer(
    add_completion=False,
    name="simulate",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def simulate() -> None:
    """Let simulated people use the bot: to load it, to show it, to test it."""


app.command("study")(study_command.simulate)
app.command("questionnaire")(questionnaire_command.simulate)
app.command("series")(series_command.simulate)
app.command("session")(session_command.simulate)
