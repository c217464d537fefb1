"""`python -m gdcourse.grading SUBMISSIONS/` grades a folder of notebooks; `--help` lists the options."""

import signal
import sys

from .folder import main

if __name__ == "__main__":
    # a batch system stops a job with SIGTERM: then end as after Ctrl-C, so that the results so far are written
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
