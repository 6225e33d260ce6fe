"""Word documents: what python-docx leaves to those who write more than paragraphs."""
