"""Sphinx extensions for the look of a page and for what surrounds its text: theme, formulas, search, offline use."""
