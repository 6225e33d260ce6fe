"""What reports are about: units, lines, amounts, periods, aggregates that decide, the value rule. No store here."""
