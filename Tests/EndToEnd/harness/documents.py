"""Markdown as a reader follows it: its commands, what they answer, its configurations and its links."""

import os
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .programs import ROOT

FENCE = re.compile(r"^( *(?:\d+\. |- )?)```(\w*)([^\n`]*)\n(.*?)^ *```$", re.M | re.S)


@dataclass
class Block:
    """A fenced block: its language, the words behind it, its text, and the line on which it opens."""

    language: str
    words: list
    text: str
    line: int
    start: int
    end: int


def blocks(markdown: str) -> list[Block]:
    found = []
    for match in FENCE.finditer(markdown):
        indent = len(match[1])
        text = "".join(line[indent:] if line[:indent].isspace() else line for line in match[4].splitlines(True))
        found.append(Block(match[2], match[3].split(), text, markdown.count("\n", 0, match.start()) + 1,
                           match.start(4), match.end(4)))
    return found


@dataclass
class Step:
    """Commands to paste, and what a reader is told to see."""

    commands: Block
    told: Block | None = None
    seen: str = ""
    status: int = 0


def steps(markdown: str) -> list[Step]:
    """`sh` is run unless it says `outside`; the `console` or `text` behind it is what it answers."""
    found, outside = [], False
    for block in blocks(markdown):
        if block.language == "sh":
            outside = "outside" in block.words
            if not outside:
                found.append(Step(block))
        elif block.language in ("console", "text") and found and not outside and found[-1].told is None:
            found[-1].told = block
    return found


class Shell:
    """Runs the steps of one guide in one bash, with the guide's own addresses exchanged for free ones."""

    def __init__(self, folder: Path, environment: dict, addresses: dict):
        self.folder, self.environment, self.addresses = folder, environment, addresses

    def there(self, text: str) -> str:
        for told, real in self.addresses.items():
            text = text.replace(told, real)
        return text

    def back(self, text: str) -> str:
        for told, real in self.addresses.items():
            text = text.replace(real, told)
        return text

    def run(self, found: list[Step], seconds: float = 90) -> list[Step]:
        script = "".join(
            f"printf '\\n@@@ {number} begins\\n'\n{self.there(step.commands.text)}\nprintf '\\n@@@ {number} ended %s\\n' $?\n"
            for number, step in enumerate(found))
        output = self.folder / "output.txt"
        with output.open("wb") as file:
            shell = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", "bash", "-c", script], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=file,
                stderr=subprocess.STDOUT, start_new_session=True)
            try:
                shell.wait(seconds)
            finally:
                # What the guide left in the background, too.
                try:
                    os.killpg(shell.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                shell.wait()
        text = self.back(output.read_text(errors="replace"))
        for number, step in enumerate(found):
            match = re.search(rf"\n@@@ {number} begins\n(.*?)\n@@@ {number} ended (\d+)\n", text, re.S)
            assert match, f"line {step.commands.line}: the shell ended in it:\n{text[-3000:]}"
            step.seen, step.status = match[1].rstrip("\n") + "\n", int(match[2])
        return found


#: What differs from run to run.
VOLATILE = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", "DATE"),
    (r"\beyJ[\w.-]+", "TOKEN"),
    (r"\b[0-9a-f]{16,}\b", "HEX"),
    (r"\b00u[0-9A-Za-z]{17}|\buser_[0-9A-Za-z]{20,}", "SUBJECT"),
    (r"\bvst_\w+", "KEY"),
    (r"\d[\d ]* a second", "N a second"),
    (r"\b\d+(\.\d+)? ?(ms|µs)\b", "N ms"),
    (r'("duration_us":)\d+', r"\1N"),
)


def plain(text: str) -> str:
    for pattern, word in VOLATILE:
        text = re.sub(pattern, word, text)
    return re.sub(r"\s+", "", text)


def says(told: str, seen: str) -> bool:
    """Whether what was seen is what is told; `…` stands for anything, white space counts for nothing."""
    # A lone … inside an id or a time must not keep it from being recognised.
    parts = [plain(part) for part in told.split("…")]
    return re.fullmatch("[\\s\\S]*?".join(map(re.escape, parts)), plain(seen)) is not None


def follow(page: Path, shell: Shell) -> bool:
    """Gives the page's commands to the shell, and holds what they print against what the page tells.

    With VESTIBULE_RECORD_GUIDES, for whoever writes a page, what was seen is put where an empty block waits for it: false.
    """
    text = page.read_text()
    done = shell.run(steps(text))
    if os.environ.get("VESTIBULE_RECORD_GUIDES"):
        for step in reversed(done):
            if step.told and not step.told.text.strip():
                text = text[:step.told.start] + step.seen + text[step.told.end:]
        page.write_text(text)
        return False
    for step in done:
        assert step.status == 0, f"{page.name}:{step.commands.line}: exit {step.status}\n{step.seen}"
        if step.told:
            assert says(step.told.text, step.seen), f"{page.name}:{step.told.line} tells\n{step.told.text}\nseen\n{step.seen}"
    return True



HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)
LINK = re.compile(r"(?<!!)\[[^\]\n]*(?:\n[^\]\n]*)?\]\(([^)\s]+)\)")


def anchors(markdown: str) -> set:
    """The anchors of headings, as GitHub makes them."""
    found, counts = set(), {}
    for title in HEADING.findall(FENCE.sub("", markdown)):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        number = counts.get(name, 0)
        counts[name] = number + 1
        found.add(name if number == 0 else f"{name}-{number}")
    return found


def links(markdown: str) -> list:
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", markdown))
    return LINK.findall(text)


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
