"""What a report says, as blocks of a document in one language; not how it is written down."""
