"""Tokens: what their file may hold, and who a request is from."""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path

import pytest

from econsec.errors import InvalidInput, NotAvailable
from econsec.service.tokens import Tokens, Unauthenticated

ALICE = "alice-0123456789"
BOB = "bob-0123456789abcdef"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "tokens"
    file.touch(mode=0o600)
    return file


@pytest.fixture
def tokens(file: Path) -> Tokens:
    file.write_text(
        f"# who may write\n\n  alice   {ALICE}\nbob sha256:{sha256(BOB.encode()).hexdigest()}\n"
    )
    return Tokens.read(file)


@pytest.mark.parametrize(("token", "name"), [(ALICE, "alice"), (BOB, "bob")])
def test_a_token_says_who_asks(tokens: Tokens, token: str, name: str) -> None:
    assert tokens.agent(f"Bearer {token}") == name
    assert tokens.agent(f"bearer   {token} ") == name
    assert tokens.agent([f"Bearer {token}"]) == name
    assert len(tokens) == 2


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (None, 'Bearer realm="econsec"'),
        ([], 'Bearer realm="econsec"'),
        (f"Basic {ALICE}", 'Bearer realm="econsec"'),
        (ALICE, 'Bearer realm="econsec"'),
        ("", 'Bearer realm="econsec"'),
        ("Bearer", 'Bearer realm="econsec", error="invalid_token"'),
        (f"Bearer {ALICE}x", 'Bearer realm="econsec", error="invalid_token"'),
        (f"Bearer {ALICE[:-1]}", 'Bearer realm="econsec", error="invalid_token"'),
        (f"Bearer {ALICE} {ALICE}", 'Bearer realm="econsec", error="invalid_token"'),
        (f"Bearer {ALICE.upper()}", 'Bearer realm="econsec", error="invalid_token"'),
        (
            f"Bearer sha256:{sha256(BOB.encode()).hexdigest()}",
            'Bearer realm="econsec", error="invalid_token"',
        ),
        ("Bearer ünïcode-トークン", 'Bearer realm="econsec", error="invalid_token"'),
        (
            [f"Bearer {ALICE}", f"Bearer {ALICE}"],
            'Bearer realm="econsec", error="invalid_request"',
        ),
    ],
)
def test_anything_else_is_challenged(
    tokens: Tokens, header: str | list[str] | None, challenge: str
) -> None:
    with pytest.raises(Unauthenticated) as caught:
        tokens.agent(header)
    assert caught.value.status == 401
    assert caught.value.headers == {"WWW-Authenticate": challenge}
    assert ALICE not in str(caught.value)


def test_without_tokens_nobody_is_known() -> None:
    with pytest.raises(Unauthenticated):
        Tokens().agent("Bearer ")


def test_every_token_is_compared(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    original = hmac.compare_digest

    def counting(one: bytes, other: bytes) -> bool:
        nonlocal compared
        compared += 1
        return original(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    assert tokens.agent(f"Bearer {ALICE}") == "alice"
    assert compared == 2


def test_no_token_can_be_seen(tokens: Tokens) -> None:
    assert repr(tokens) == "Tokens(alice, bob)"
    assert ALICE not in repr(vars(tokens))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("alice", 1, "not a name and a token"),
        (f"\n{ALICE} ", 2, "not a name and a token"),
        (f"alice {ALICE} more", 1, "not a name and a token"),
        (f"al/ice {ALICE}", 1, "not a name and a token"),
        ("alice 0123456789abcde", 1, "shorter than 16"),
        (f"alice {ALICE}é", 1, "characters that a Bearer token cannot have"),
        ("alice sha256:abc", 1, "not 64 hex digits"),
        (f"alice {ALICE}\nalice {BOB}", 2, "the name alice comes twice"),
        (f"alice {ALICE}\nbob {ALICE}", 2, "the token of bob is another's too"),
        (
            f"alice {ALICE}\nbob sha256:{sha256(ALICE.encode()).hexdigest()}",
            2,
            "the token of bob is another's too",
        ),
        ("# nobody\n", None, "holds no token"),
        ("", None, "holds no token"),
    ],
)
def test_a_bad_file_is_an_error_that_shows_no_token(
    file: Path, text: str, line: int | None, said: str
) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=said) as caught:
        Tokens.read(file)
    assert (caught.value.source, caught.value.line) == (str(file), line)
    assert caught.value.remedy is not None
    assert ALICE not in str(caught.value)
    assert "0123456789abcde" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_have_access_to_is_refused(file: Path, mode: int) -> None:
    file.write_text(f"alice {ALICE}")
    file.chmod(mode)
    with pytest.raises(InvalidInput, match=f"chmod 600 {file}"):
        Tokens.read(file)


def test_a_file_that_is_not_there_or_no_text_is_an_error(file: Path) -> None:
    with pytest.raises(NotAvailable, match="No such file"):
        Tokens.read(file.with_name("missing"))
    file.write_bytes(b"alice \xff\xfe")
    with pytest.raises(InvalidInput, match="UTF-8"):
        Tokens.read(file)
