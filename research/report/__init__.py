"""What a run of the analysis writes: tables, JSON, a workbook, pictures and the report."""
