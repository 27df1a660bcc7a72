"""Files of Q-sorts in and out: one module for each format, `registry` for all of them."""
