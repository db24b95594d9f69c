"""Everything that anyone recorded: clients, what they bought, what was said, and who may write it."""
