"""Draws how costs grow with the number of users: `run curve [SIZE…]`, by default 10 000 to 10 million (many hours).

Each size is measured beside 10 000 in one run (`measure.py`); what is drawn is the ratio, and the limit: the logarithm of
the number of users against that of 10 000. The drawing is growth.svg, or the file that PLOT names.
"""

import html
import math
import os
import re
import subprocess
import sys
from pathlib import Path

SIZES, BASE = (100_000, 1_000_000, 10_000_000), 10_000
#: Round trips on one machine differ by so much from run to run.
NOISE = 1.15
WIDTH, HEIGHT, EDGE = 720, 420, 60
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#34495e")


def measured(users: int) -> dict:
    """What is timed, and its ratio."""
    output = subprocess.run(
        [sys.executable, Path(__file__).with_name("measure.py"), str(users)], capture_output=True, text=True).stdout
    print(output, flush=True)
    found = {what.strip(): float(ratio) for what, ratio in re.findall(
        r"^\| ([^|]+) \| [\d.]+ ms \| [\d.]+ ms \| ([\d.]+) \|", output, re.M)}
    if not found:
        sys.exit(f"{users} users could not be measured")
    return found


def logarithm(users: int) -> float:
    return math.log(users) / math.log(BASE)


def drawn(curves: dict, sizes: list) -> str:
    top = max([logarithm(sizes[-1])] + [ratio for curve in curves.values() for ratio in curve.values()]) * 1.1
    span = math.log10(sizes[-1] / BASE) or 1

    def point(users: int, ratio: float) -> str:
        x = EDGE + (WIDTH - 2 * EDGE) * math.log10(users / BASE) / span
        return f"{x:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * ratio / top:.1f}"

    def line(points: list, colour: str, dash: str = "") -> str:
        joined = " ".join(point(*one) for one in points)
        return f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" '
             f'font-size="12"><rect width="100%" height="100%" fill="white"/>',
             line([(size, logarithm(size)) for size in [BASE] + sizes], "#999999", "6 4")]
    for number, (what, curve) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(line([(BASE, 1.0)] + sorted(curve.items()), colour))
        parts.append(f'<text x="{EDGE}" y="{20 + 15 * number}" fill="{colour}">{html.escape(what)}</text>')
    for size in [BASE] + sizes:
        x = point(size, 0).split(",")[0]
        parts.append(f'<text x="{x}" y="{HEIGHT - EDGE + 20}" text-anchor="middle">{size:,}</text>')
    for ratio in range(math.floor(top) + 1):
        y = point(BASE, ratio).split(",")[1]
        parts.append(f'<text x="{EDGE - 10}" y="{y}" text-anchor="end">{ratio}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">users; time against {BASE:,} users; '
                 "dashed: the logarithm</text></svg>")
    return "\n".join(parts) + "\n"


def main() -> int:
    sizes = sorted(int(size) for size in sys.argv[1:]) or list(SIZES)
    curves = {}
    for size in sizes:
        for what, ratio in measured(size).items():
            curves.setdefault(what, {})[size] = ratio
    path = Path(os.environ.get("PLOT", "growth.svg"))
    path.write_text(drawn(curves, sizes))
    missed = [f"{what} at {size:,}: {ratio:.2f}" for what, curve in curves.items() for size, ratio in curve.items()
              if ratio > logarithm(size) * NOISE]
    print(f"drawn in {path}; grows faster than the logarithm: {'; '.join(missed) or 'nothing'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
