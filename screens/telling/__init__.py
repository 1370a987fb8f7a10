"""How one user's triage reads on the screen: pure functions from what was found to blocks of text."""
