"""The words of a report: Finnish, Swedish and English, its numbers and dates, and what is said of figures."""
