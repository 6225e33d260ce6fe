"""The report people read, as one document: content, words, pictures, theme. `writers` write it down."""
