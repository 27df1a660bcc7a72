"""`python -m bot` is `kollegial`."""

from bot.cli import app

app()
