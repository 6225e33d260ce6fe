"""The value rule: what a figure is, and whether it is whole. Asks facts; knows no event, store or clock."""
