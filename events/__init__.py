"""The language: what can happen in a city's reporting, as immutable facts."""
