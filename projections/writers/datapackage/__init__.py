"""The open data: figures, goals and projects of reports as a Frictionless data package."""
