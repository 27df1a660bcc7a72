"""The board: a Q-sort in the browser, on the same draft as the cards in Teams.

`routes` answers requests, `views` says what the page is shown, `pages` writes
the HTML, and `files/` is what the browser runs: ES modules, no build step.
"""
