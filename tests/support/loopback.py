"""Where a bot of a simulation keeps its databases."""

from pathlib import Path


def files(folder: Path) -> dict[str, str]:
    """Two SQLite files that are made there."""
    return {
        "KOLLEGIAL_DATABASE_URL": f"sqlite:///{folder}/kollegial.db",
        "KOLLEGIAL_URN_URL": f"sqlite:///{folder}/urn.db",
    }
