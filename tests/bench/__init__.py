"""Measurements against the budgets of the design: `python -m tests.bench` prints a table. Nothing here is a test."""
