"""`python -m tui` is `passerelle`."""

import sys

from tui.cli import main

sys.exit(main())
