"""Studies: Q-sorts and questionnaires, from the invitation to the results."""
