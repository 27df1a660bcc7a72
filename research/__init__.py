"""The researcher's workbench: studies, export, formats, analysis, reports."""

import os

# Before numpy is loaded: its linear algebra gains nothing from threads at the sizes of
# Q-studies, and on a busy machine waiting for each other makes it ten times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
