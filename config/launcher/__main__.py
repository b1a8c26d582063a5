"""Entry used by ``manage.py``: hands the arguments to the start module and ends with its exit status."""

import sys

from config.launcher.start import main

sys.exit(main(sys.argv[1:]))
