"""Which handler an event goes to."""
