# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""``python3 -I -S verishallow/checker/__main__.py CERTIFICATE``: the checker without the package around it.

Named as a file it runs what stands in these files alone: compiled files that lie beside them are not looked at.
"""

import os
import sys
from importlib import import_module
from types import ModuleType

if __name__ == "__main__":
    name = __package__ or "checker"
    if not __package__:
        for library in ("argparse", "dataclasses", "fractions", "hashlib", "json", "locale", "shutil"):
            import_module(library)  # Python's own modules, which may have been compiled before
        sys.dont_write_bytecode, sys.pycache_prefix = True, os.devnull
        package = ModuleType(name)
        package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
        sys.modules[name] = package
    sys.exit(import_module(f"{name}.options").main())
