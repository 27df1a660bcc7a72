"""A session: its state, its phases, what members do in them."""
