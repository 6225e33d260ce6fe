"""What figures mean: facts, coverage of books, and the value rule over them. No store, no command, no clock."""
