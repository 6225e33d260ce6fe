"""How a form that somebody filled in is read: workbook, document, TOML and JSON."""
