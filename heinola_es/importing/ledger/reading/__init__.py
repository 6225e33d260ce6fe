"""Rows and cells of CSV, XLSX, ODS and XLS, bounded before they are read. Nothing of units or lines."""
