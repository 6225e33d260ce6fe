"""How a form is written down: workbook, document, TOML and JSON."""
