"""What a mapping says: which column is what. No file of figures is opened here."""
