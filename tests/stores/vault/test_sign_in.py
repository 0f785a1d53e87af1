"""Passwords, sessions, tokens, and a sign-in as a whole."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from stores.vault import Busy, NotSignedIn, PasswordRefused, Vault, argon2id, check_new_password
from stores.vault.engine import reading
from stores.vault.passwords import COMMON, Passwords
from tests.stores.vault.conftest import CHEAP, KEY

PASSWORD = "Lvyue-demo-2026"
ACCOUNT = UUID(int=7)


@pytest.fixture
def member(vault: Vault, now: datetime) -> Vault:
    """A vault in which ACCOUNT, named `decider`, has PASSWORD."""
    vault.credentials.set(ACCOUNT, "decider", PASSWORD, now)
    return vault


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short-1", "password_too_short"),
        ("x" * 257, "password_too_long"),
        ("password123", "password_too_common"),
        ("PassWord123", "password_too_common"),
        ("woaini1314", "password_too_common"),
        ("１２３４５６７８", "password_too_common"),
        ("zzzzzzzzzzzz", "password_too_common"),
        ("county-supervisor", "password_is_account_name"),
        ("COUNTY-supervisor123", "password_is_account_name"),
    ],
)
def test_refused_passwords(password: str, code: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        check_new_password(password, "county-supervisor")
    assert refused.value.code == code
    assert refused.value.sentence.format(**refused.value.values) == str(refused.value)


@pytest.mark.parametrize("password", [PASSWORD, "四个汉字再加四个", "a" * 40 + "b" * 88, "all lower case words"])
def test_accepted_passwords(password: str) -> None:
    check_new_password(password, "county-supervisor")


def test_the_common_list_holds_only_what_length_lets_through() -> None:
    assert len(COMMON) >= 200
    assert all(len(word) >= 8 and word == word.casefold() for word in COMMON)


def test_the_real_hash_is_as_costly_as_promised() -> None:
    assert argon2id().hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_check(member: Vault) -> None:
    with member.credentials.turn():
        assert member.credentials.check(ACCOUNT, PASSWORD)
        assert member.credentials.check(ACCOUNT, "Ｌｖｙｕｅ-demo-2026")
        assert not member.credentials.check(ACCOUNT, PASSWORD + " ")
        assert not member.credentials.check(uuid4(), PASSWORD)
        assert not member.credentials.check(None, PASSWORD)
        assert not member.credentials.check(None, "nobody has this password")


def test_the_password_is_nowhere_in_the_clear(member: Vault, engine: Engine) -> None:
    with reading(engine) as connection:
        (stored,) = connection.exec_driver_sql("SELECT password_hash FROM credentials").one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_a_cheaper_hash_is_renewed_at_sign_in(engine: Engine, member: Vault) -> None:
    dearer = Vault(engine, KEY, argon2id(memory_kib=16, passes=2, lanes=1))
    for _ in range(2):
        with dearer.credentials.turn():
            assert dearer.credentials.check(ACCOUNT, PASSWORD)
    with reading(engine) as connection:
        (stored,) = connection.exec_driver_sql("SELECT password_hash FROM credentials").one()
    assert "m=16,t=2" in stored


def test_an_unknown_account_costs_the_same(sqlite: str, now: datetime) -> None:
    passwords = Passwords(argon2id(memory_kib=4096, passes=2, lanes=1))
    hashed = passwords.hash(PASSWORD)

    def cost(hashed: str | None) -> float:
        def once() -> float:
            start = time.perf_counter()
            passwords.matches("wrong password", hashed)
            return time.perf_counter() - start

        return statistics.median(once() for _ in range(9))

    assert 0.5 < cost(None) / cost(hashed) < 2


def test_at_most_two_hashes_at_once() -> None:
    passwords = Passwords(CHEAP, patience=0.05)
    leave, inside = Event(), []

    def hold() -> None:
        with passwords.turn():
            inside.append(1)
            leave.wait(10)

    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(hold) for _ in range(2)]
        while len(inside) < 2:
            time.sleep(0.001)
        with pytest.raises(Busy), passwords.turn():
            pass
        leave.set()
        for one in held:
            one.result()
    with passwords.turn():
        pass


def test_second_factor(member: Vault, engine: Engine) -> None:
    assert member.credentials.second_factor(ACCOUNT) is None
    member.credentials.give_second_factor(ACCOUNT, b"twenty bytes of seed")
    assert member.credentials.second_factor(ACCOUNT) == b"twenty bytes of seed"
    with reading(engine) as connection:
        (stored,) = connection.exec_driver_sql("SELECT second_factor FROM credentials").one()
    assert b"twenty" not in bytes(stored)
    member.credentials.give_second_factor(ACCOUNT, None)
    assert member.credentials.second_factor(ACCOUNT) is None
    with pytest.raises(LookupError):
        member.credentials.give_second_factor(uuid4(), b"x")


def test_a_new_password_ends_every_session(member: Vault, now: datetime) -> None:
    token = member.sessions.start(ACCOUNT, now)
    other = member.sessions.start(uuid4(), now)
    member.credentials.set(ACCOUNT, "decider", "another good one", now)
    assert member.sessions.find(token, now) is None
    assert member.sessions.find(other, now) is not None
    assert member.credentials.changed_at(ACCOUNT) == now


def test_a_refused_password_changes_nothing(member: Vault, now: datetime) -> None:
    token = member.sessions.start(ACCOUNT, now)
    with pytest.raises(PasswordRefused):
        member.credentials.set(ACCOUNT, "decider", "decider1", now)
    assert member.sessions.find(token, now) is not None
    with member.credentials.turn():
        assert member.credentials.check(ACCOUNT, PASSWORD)


def test_forgotten_credentials(member: Vault) -> None:
    assert member.credentials.has(ACCOUNT)
    member.credentials.forget(ACCOUNT)
    assert not member.credentials.has(ACCOUNT)


# ---------------------------------------------------------------- sessions


def test_only_the_digest_of_a_token_is_kept(vault: Vault, engine: Engine, now: datetime) -> None:
    token = vault.sessions.start(ACCOUNT, now)
    assert len(token) >= 43
    with reading(engine) as connection:
        (stored,) = connection.exec_driver_sql("SELECT digest FROM sessions").one()
    assert token.encode() not in bytes(stored)
    assert len(bytes(stored)) == 32


def test_a_session_idles_out(vault: Vault, now: datetime) -> None:
    token = vault.sessions.start(ACCOUNT, now)
    assert vault.sessions.find(token, now + timedelta(minutes=29)) is not None
    assert vault.sessions.find(token, now + timedelta(minutes=58)) is not None
    assert vault.sessions.find(token, now + timedelta(minutes=88)) is None


def test_a_session_ends_absolutely(vault: Vault, now: datetime) -> None:
    token = vault.sessions.start(ACCOUNT, now)
    at = now
    while at < now + timedelta(hours=12) - timedelta(minutes=20):
        at += timedelta(minutes=20)
        assert vault.sessions.find(token, at) is not None or at >= now + timedelta(hours=12)
    assert vault.sessions.find(token, now + timedelta(hours=12) - timedelta(seconds=1)) is not None
    assert vault.sessions.find(token, now + timedelta(hours=12)) is None


def test_rotation(vault: Vault, now: datetime) -> None:
    old = vault.sessions.start(ACCOUNT, now)
    later = now + timedelta(minutes=10)
    new = vault.sessions.rotate(old, later)
    assert new is not None
    assert new != old
    assert vault.sessions.find(old, later) is None
    session = vault.sessions.find(new, later)
    assert session is not None
    assert session.expires == now + timedelta(hours=12)  # rotating lengthens nothing
    assert vault.sessions.rotate(old, later) is None


def test_ends(vault: Vault, now: datetime) -> None:
    first, second, third = (vault.sessions.start(ACCOUNT, now) for _ in range(3))
    vault.sessions.end(first, now)
    assert vault.sessions.find(first, now) is None
    assert len(vault.sessions.of(ACCOUNT, now)) == 2
    assert vault.sessions.end_all(ACCOUNT, now, but=third) == 1
    assert vault.sessions.find(second, now) is None
    assert vault.sessions.find(third, now) is not None


@pytest.mark.parametrize("token", ["", "x", "\ud800", "0" * 10000])
def test_a_token_that_never_was(vault: Vault, now: datetime, token: str) -> None:
    assert vault.sessions.find(token, now) is None
    assert vault.tokens.find(token, now) is None
    assert vault.sessions.rotate(token, now) is None
    vault.sessions.end(token, now)


# ---------------------------------------------------------------- tokens


def test_tokens(vault: Vault, now: datetime) -> None:
    secret = vault.tokens.make(ACCOUNT, "nightly export", now)
    token = vault.tokens.find(secret, now + timedelta(days=364))
    assert token is not None
    assert (token.account, token.name) == (ACCOUNT, "nightly export")
    assert vault.tokens.find(secret, now + timedelta(days=365)) is None
    assert vault.tokens.of(ACCOUNT, now) == [token]
    vault.tokens.end(token.id, now)
    assert vault.tokens.find(secret, now) is None


def test_shut_out(vault: Vault, now: datetime) -> None:
    session, token = vault.sessions.start(ACCOUNT, now), vault.tokens.make(ACCOUNT, "x", now)
    vault.shut_out(ACCOUNT, now)
    assert vault.sessions.find(session, now) is None
    assert vault.tokens.find(token, now) is None


# ---------------------------------------------------------------- the whole


def test_sign_in(member: Vault, now: datetime) -> None:
    token = member.sign_in("decider", ACCOUNT, PASSWORD, "10.0.0.1", now)
    session = member.sessions.find(token, now)
    assert session is not None
    assert session.account == ACCOUNT


@pytest.mark.parametrize("account", [ACCOUNT, UUID(int=8), None])
def test_a_wrong_sign_in_says_the_same_whoever_it_is(member: Vault, now: datetime, account: UUID | None) -> None:
    with pytest.raises(NotSignedIn, match="账号或密码不正确") as refused:
        member.sign_in("decider", account, "wrong password", "10.0.0.1", now)
    assert refused.value.wait == timedelta(0)


def test_the_right_password_of_a_disabled_account(member: Vault, now: datetime) -> None:
    with pytest.raises(NotSignedIn):
        member.sign_in("decider", None, PASSWORD, "10.0.0.1", now)


def test_a_thousand_wrong_ones_and_the_owner_from_elsewhere(member: Vault, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = _count_checks(member, monkeypatch)
    for second in range(1000):
        with pytest.raises(NotSignedIn):
            member.sign_in("decider", ACCOUNT, f"guess {second}", "6.6.6.6", now + timedelta(seconds=second))
    assert 5 <= len(looked) <= 100
    after = now + timedelta(seconds=1000)
    with pytest.raises(NotSignedIn) as refused:
        member.sign_in("decider", ACCOUNT, PASSWORD, "6.6.6.6", after)
    assert refused.value.wait > timedelta(0)
    assert member.sign_in("decider", ACCOUNT, PASSWORD, "10.0.0.1", after)


def test_many_at_once_are_no_way_round(member: Vault, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = _count_checks(member, monkeypatch)

    def guess(number: int) -> None:
        with pytest.raises(NotSignedIn):
            member.sign_in("decider", ACCOUNT, f"guess {number}", "6.6.6.6", now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(40)))
    assert len(looked) == 5


def test_a_busy_moment_counts_nothing(engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(engine, KEY, CHEAP)
    monkeypatch.setattr(vault.credentials._passwords, "_patience", 0.001)
    with vault.credentials.turn(), vault.credentials.turn():
        for _ in range(10):
            with pytest.raises(Busy):
                vault.sign_in("decider", ACCOUNT, PASSWORD, "10.0.0.1", now)
    assert vault.throttle.wait("decider", "10.0.0.1", now) == timedelta(0)


def test_a_new_password_forgives(member: Vault, now: datetime) -> None:
    for _ in range(5):
        assert not member.throttle.admit("Decider ", "6.6.6.6", now)
    assert member.throttle.wait("decider", "6.6.6.6", now)
    member.credentials.set(ACCOUNT, "decider", "another good one", now)
    assert not member.throttle.wait("decider", "6.6.6.6", now)


def _count_checks(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    looked: list[str] = []
    check = vault.credentials.check

    def counted(account: UUID | None, password: str) -> bool:
        looked.append(password)
        return check(account, password)

    monkeypatch.setattr(vault.credentials, "check", counted)
    return looked


def test_sweep_forgets_only_what_is_long_over(member: Vault, now: datetime) -> None:
    member.sessions.start(ACCOUNT, now)
    member.tokens.make(ACCOUNT, "x", now, now + timedelta(days=1))
    member.drafts.keep(ACCOUNT, "form", {}, now)
    job = member.jobs.ask("import", ACCOUNT, {}, now)
    assert member.sweep(now + timedelta(days=80)) == 0
    assert member.sweep(now + timedelta(days=95)) == 3
    assert member.jobs.get(job) is not None  # it still waits
