"""Where commands speak: what was asked for to the one, refusals and notes to the other."""

from rich.console import Console

stdout = Console(highlight=False, soft_wrap=True)
stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line of what was asked for."""
    stdout.print(text, markup=False)
