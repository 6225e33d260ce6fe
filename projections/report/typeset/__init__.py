"""The report set in pages by Typst: a document as plain data, the one template that reads it, and the tags it lacks."""
