"""What templates say figures with."""
