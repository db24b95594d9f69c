"""What templates of every app draw with."""
