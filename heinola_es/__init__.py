"""The write side: values, the chart of lines, aggregates that decide, and the store that keeps."""
