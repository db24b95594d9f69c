"""The promises at full size; the suite keeps each at a small one. Run by `make proofs`."""
