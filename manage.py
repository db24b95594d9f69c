#!/usr/bin/env python
"""Runs a command of the product."""

import sys

from agency.entry import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
