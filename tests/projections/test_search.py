"""The same questions find the same rows on both databases: pairs of characters, words from their start, initials."""

import re
import unicodedata

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.search import gram_text, grams, initials, matches

NAMES = {
    1: "湛江市试例水利工程有限公司",
    2: "遂溪县城月河堤防加固工程 HT-2026-00012",
    3: "𠮷林水闸（ＡＢ１２）",
    4: "第3闸门井除险加固",
    5: "二〇二六年度灌区续建",
    6: "50%_off \\ plain words",
    7: "利水",
}


FOUND = {
    "": {*NAMES}, "  ": {*NAMES}, "!!": set(), "水利 !": set(),
    "水利": {1}, "利水": {7}, "水利工程": {1}, "工程": {1, 2}, "水利加固": set(),
    "闸": {3, 4}, "3闸": {4}, "第3闸门": {4}, "第3": {4}, "闸3": set(), "井除": {4},
    "遂溪 加固": {2}, "加固　遂溪": {2}, "〇二六": {5}, "𠮷林": {3}, "𠮷": {3},
    "ht-2026": {2}, "HT-2026-00012": {2}, "000": {2}, "0012": set(), "2026": {2}, "ab12": {3}, "ＡＢ１": {3},
    "zjs": {1}, "ZJSSLSLGC": {1}, "sxx": {2},
    "%": set(), "50%": {6}, "_": set(), "off plain": {6}, "\\": set(),
}  # fmt: skip


def test_what_is_found(any_database: str) -> None:
    engine = sa.create_engine(any_database)
    rows = sa.Table("rows", sa.MetaData(), sa.Column("n", sa.Integer, primary_key=True), sa.Column("grams", sa.Text))
    with engine.begin() as conn:
        rows.create(conn)
        conn.execute(sa.insert(rows), [{"n": n, "grams": gram_text((name,))} for n, name in NAMES.items()])
        found = {q: set(conn.scalars(sa.select(rows.c.n).where(matches(rows, q)))) for q in FOUND}
    engine.dispose()
    assert found == FOUND


def test_how_text_is_cut() -> None:
    assert grams("湛江市HT-2026 水") == "湛江 江市 ht 2026 水"
    assert initials("湛江市水利局（2026）") == "zjsslj"
    assert gram_text(("水利", None, "ab", "")) == " 水利 | sl | ab "


def test_a_phrase_does_not_run_from_one_column_into_the_next() -> None:
    both = gram_text(("ab", "cd"))
    assert " ab cd" not in both
    assert " ab | cd " in both


PIECES = ["水", "利", "工程", "水利", "城月河", "〇", "𠮷", "HT", "ab", "2026", "00012", "１２", "Ｈｔ", " ", "-", "（", "%", "_", "'", "\\", "|", "é"]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)
HAN = re.compile("[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")


def _runs(text: str) -> list[str]:
    """The Chinese and the words of a text, each run by itself."""
    return re.findall(f"{HAN.pattern}+|(?:(?!{HAN.pattern})[^\\W_])+", unicodedata.normalize("NFKC", text).lower())


def _begins(runs: list[str], asked: list[str]) -> bool:
    """Do the asked runs stand side by side: Chinese at the edges anywhere in its run, a word from its beginning, whole if more follows?"""

    def fits(n: int, run: str, want: str) -> bool:
        first, last, han = n == 0, n == len(asked) - 1, bool(HAN.match(want))
        if first and last:
            return want in run if han else run.startswith(want)
        if first:
            return run.endswith(want) if han else run == want
        return run.startswith(want) if last else run == want

    return any(all(fits(n, runs[at + n], want) for n, want in enumerate(asked)) for at in range(len(runs) - len(asked) + 1))


def _holds(text: str, q: str) -> bool:
    """What a reader would say: every word of the question stands in the text, or begins its initials."""
    words = q.split()
    asked = [_runs(word) for word in words]
    if words and not all(asked):
        return False
    return all(_begins(_runs(text), one) or (len(one) == 1 and initials(text).startswith(one[0]) and bool(HAN.search(text))) for one in asked)


def test_any_question_finds_the_same_on_any_database_and_what_a_reader_would(any_database: str) -> None:
    engine = sa.create_engine(any_database)
    rows = sa.Table("told", sa.MetaData(), sa.Column("n", sa.Integer, primary_key=True), sa.Column("grams", sa.Text))
    with engine.begin() as conn:
        rows.create(conn)

    @given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS | st.sampled_from(["slgc", "cyh", "s", "水 2026", "水", "工程ht", "h"]))
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def ask(texts: list[str], q: str) -> None:
        with engine.connect() as conn:
            conn.execute(sa.insert(rows), [{"n": n, "grams": gram_text((text,))} for n, text in enumerate(texts)])
            found = set(conn.scalars(sa.select(rows.c.n).where(matches(rows, q))))
            conn.rollback()
        assert found == {n for n, text in enumerate(texts) if _holds(text, q)}, (texts, q)

    ask()
    engine.dispose()
