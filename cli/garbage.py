"""Python's collector of garbage, set for a program that loads much, keeps it, and then
answers many.

As Python sets it, it looks through all that was loaded again and again, and through what each few
hundred objects brought: a fifth of the processor time of a press on a card.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 50_000
"""So many objects come, beyond those that went, before the young are looked through: what some
fifty presses under way hold between them lives long enough not to be looked at at all."""
OLDER = (20, 50)
"""How often the young, and those that stayed once, before the older ones are, too."""


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded in the block stays, and is not looked through, then or ever after."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(YOUNG, *OLDER)
        gc.enable()
