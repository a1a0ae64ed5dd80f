"""Values in, values out: what a description is, and what can be known from it."""
