"""The aggregates: each replays its stream, decides what may happen next, and refuses the rest with a named error."""
