"""Ledgers: a table of accounts and amounts, in CSV or a workbook, becomes budgets and postings."""
