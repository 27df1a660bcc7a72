"""`run`, as asyncio's, on the event loop that the bot runs on: libuv's, which answers a tenth
more presses, and on Windows, where there is none, Python's own.
"""

import sys

if sys.platform == "win32":
    from asyncio import run
else:
    from uvloop import run

__all__ = ["run"]
