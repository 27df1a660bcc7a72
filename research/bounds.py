"""The bound that everything keeps that is told of people. The bot knows it too, and needs no
numerics for it.
"""

LEAST = 5
"""A count below this, and above 0, could be known again."""
