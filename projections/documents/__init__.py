"""A report's file, read back: what it carries along as proof, what it prints, and whether these agree."""
