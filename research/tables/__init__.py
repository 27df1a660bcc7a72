"""One reader of tables: everything that opens a CSV, a text or a workbook opens it here.

`reading.sheet` gives rows of texts and says what it took the file for; `numerals` reads
numbers as people write them; `labels` pairs what carries names, so that nothing is taken
from a position where a text says another; `known` names the files of other programs.
"""
