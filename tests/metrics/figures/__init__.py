"""The definitions of DOMAIN.md, each worked by hand, and held to fractions where that is possible."""
