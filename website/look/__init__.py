"""How a page looks and what stands around the text: theme, formulas, search, offline use."""
