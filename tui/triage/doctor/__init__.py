"""`passerelle doctor`: what this host needs, what can be read, and which of our assumptions hold here."""
