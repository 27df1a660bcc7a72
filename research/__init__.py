"""The researcher's workbench: studies, export, formats, analysis, reports."""
