"""The shell: Teams, commands, cards, texts, carrying out effects, the clock."""
