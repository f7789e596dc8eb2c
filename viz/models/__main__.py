"""`python -m viz.models`: see `viz.models.command`."""

import io
import sys

from viz.models.command import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may lack a letter of a folder's name
    sys.exit(main())
