"""`python -m gdcourse.grading SUBMISSIONS/` grades a folder of notebooks; `--help` lists the options."""

import signal
import sys

from .folder import main

if __name__ == "__main__":
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # treat SIGTERM, with which a batch system stops a job, like Ctrl-C
    sys.exit(main())
