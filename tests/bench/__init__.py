"""How fast it is: agencies of three sizes, and what is measured on them."""
