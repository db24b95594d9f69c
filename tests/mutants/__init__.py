"""Whether the suite would notice: faults planted one at a time in the code that computes figures."""
