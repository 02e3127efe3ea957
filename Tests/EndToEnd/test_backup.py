"""docs/backup.md: what a dump or the archive brings back is all there, and the service works with it."""

from harness.backup import Drill, commands


def test_the_commands_of_the_page_bring_everything_back():
    assert set(commands()) == {"dump", "restore", "base", "recover"}
    drill = Drill(people=5)
    try:
        drill.install()
        drill.fill()
        drill.end()
        assert drill.dump_and_restore()["rows"] > 50
        assert drill.damage_and_recover(logins=3)["acknowledged"] == 9
    finally:
        drill.close()
