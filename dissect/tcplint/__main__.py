"""`python -m tcplint`."""

import sys

from tcplint.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
