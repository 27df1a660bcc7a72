"""Tables as the sheets of a workbook."""

import io
from collections.abc import Sequence

import xlsxwriter

from research.formats.source import guard
from research.report.tables import NO_TIME, Table

WIDEST = 60


def workbook(tables: Sequence[Table]) -> bytes:
    """A sheet for each table; numbers are numbers, and texts never formulas."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": NO_TIME})
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            sheet.freeze_panes(1, 1)
            for column, title in enumerate(table.header):
                longest = max((len(str(row[column])) for row in table.rows), default=0)
                sheet.set_column(column, column, min(WIDEST, max(10, longest, len(title)) + 2))
                sheet.write_string(0, column, guard(title), bold)
            for row, cells in enumerate(table.rows, 1):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        if cell:
                            sheet.write_string(row, column, guard(cell))
                    else:
                        sheet.write_number(row, column, cell)
            if table.rows:
                sheet.autofilter(0, 0, len(table.rows), len(table.header) - 1)
    return buffer.getvalue()
