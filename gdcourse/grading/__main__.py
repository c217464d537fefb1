"""`python -m gdcourse.grading SUBMISSIONS/` grades a folder of notebooks; `--help` lists the options."""

import signal
import sys

from .folder import main

if __name__ == "__main__":
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # a batch system stops a job by SIGTERM: treat it like Ctrl-C
    sys.exit(main())
