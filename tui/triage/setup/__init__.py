"""The set-up assistant without a screen: what is asked, what is wrong with an answer, and whether it works for real."""
