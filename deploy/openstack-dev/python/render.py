"""render.py TEMPLATE: prints it with each ${NAME} replaced by that variable of the environment; a name without value is an error."""

import os
import pathlib
import string
import sys

try:
    sys.stdout.write(string.Template(pathlib.Path(sys.argv[1]).read_text()).substitute(os.environ))
except KeyError as missing:
    sys.exit(f"{sys.argv[1]}: no value for {missing}")
