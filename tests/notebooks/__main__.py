"""``python -m tests.notebooks [NAME ...]``: execute the articles, all or those named, and write their notebooks."""

import sys
import time

from tests.notebooks.execution import SOURCES, executed, text_of
from verishallow.whole_file import written_whole


def main(names: list[str]) -> None:
    unknown = set(names) - {source.stem for source in SOURCES}
    if unknown:
        raise SystemExit(f"expected names of {', '.join(source.stem for source in SOURCES)}; found {sorted(unknown)}")
    for source in SOURCES:
        if not names or source.stem in names:
            start = time.perf_counter()
            text = text_of(executed(source)).encode()
            with written_whole(source.with_suffix(".ipynb")) as file:
                file.write(text)
            print(f"{source.stem}: {len(text) / 1000:.0f} kB, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
