"""Studies: Q-sorts and questionnaires, and the files that define them."""
