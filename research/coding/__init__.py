"""Staged coding: from shared texts to codes, categories and main categories.

The bot's shared texts become a table; researchers fill it in with their own
tools; read back, it is checked, counted and reported. The steps are those of
qualitative content analysis (Graneheim & Lundman 2004, p. 107): meaning unit,
condensed meaning, code, category, theme.
"""
