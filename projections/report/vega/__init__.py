"""The report's pictures as Vega specifications: what each kind of chart looks like."""
