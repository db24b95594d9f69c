"""The tests, in folders like those they test."""
