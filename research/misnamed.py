"""Files that are not there, and what may have been meant."""

import difflib
from pathlib import Path


def remedy(path: Path) -> str:
    """What to do about a file that cannot be opened: perhaps another beside it was meant."""
    try:
        beside = {each.name.casefold(): each.name for each in path.parent.iterdir()}
    except OSError:
        return "Check the name of the folder."
    near = difflib.get_close_matches(path.name.casefold(), beside, n=1, cutoff=0.7)
    return f"Did you mean {beside[near[0]]}?" if near else "Check the name."
