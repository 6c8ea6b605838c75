"""A spinner for who watches, silence for who does not, and whole log lines for both."""

import io
import logging
import sys

import pytest

from trustvoice.cli.progress import working


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def a_terminal_that_can_move_its_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> logging.Logger:
    """Whose lines go to what stderr is when the test sets it."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    return root


def test_nothing_is_printed_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with working("Checking the books") as tell:
        tell("Checking them again")
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_it_says_what_is_being_done_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with working("Checking [the] books"):
        pass
    assert "Checking [the] books" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")  # the line is wiped


def test_what_is_logged_meanwhile_stands_on_lines_of_its_own(
    monkeypatch: pytest.MonkeyPatch, log: logging.Logger
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    handler = logging.StreamHandler()
    log.addHandler(handler)
    with working("Checking"):
        log.warning("disk is [bold]full")
        log.addHandler(inside := logging.StreamHandler())
    log.warning("and afterwards")
    assert any(line.endswith("disk is [bold]full") for line in screen.getvalue().splitlines())
    assert screen.getvalue().endswith("and afterwards\n" * 2)
    assert (handler.stream, inside.stream) == (screen, screen)


def test_results_that_are_piped_elsewhere_stay_out_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, pipe = Screen(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdout", pipe)
    with working("Checking"):
        sys.stdout.write("the result\n")
    assert pipe.getvalue() == "the result\n"
    assert "the result" not in screen.getvalue()


def test_an_error_inside_is_let_through_and_the_terminal_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with pytest.raises(KeyError), working("Checking"):
        raise KeyError
    assert sys.stderr is screen
