"""The bench: a local page where factors are rotated by eye and sorts flagged by a click.

    page --what is wanted--> server -> Bench -> the same functions as `kollegial analyse`

The page draws and asks; every number comes from here. Nothing is written but what the
researcher saves.
"""
