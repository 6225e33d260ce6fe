"""What is asked from Python as tables: figures and events by rows, by columns, or as a stream that Arrow reads."""
