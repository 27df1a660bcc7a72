"""A year at a random office: what everyone did and got, held against what the guides promise."""
