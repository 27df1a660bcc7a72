"""`python -m cli` is `kollegial`."""

from cli.app import app

app()
