"""What is new in a ledger beside what the store has: decided by aggregates, recorded. No file is read here."""
