"""The Teams app: what it says of itself, and its icons. `cli/manifest.py` packs it.

The PNG files are drawn from the SVG files beside them: `python -m manifest.draw`.
"""
