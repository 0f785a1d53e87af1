"""The same questions find the same rows on both databases: pairs of characters, words from their start, initials."""

import sqlalchemy as sa

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
    rows = sa.Table(
        "rows", sa.MetaData(), sa.Column("n", sa.Integer, primary_key=True), sa.Column("grams", sa.Text)
    )
    with engine.begin() as conn:
        rows.create(conn)
        conn.execute(sa.insert(rows), [{"n": n, "grams": gram_text([name])} for n, name in NAMES.items()])
        found = {q: set(conn.scalars(sa.select(rows.c.n).where(matches(rows, q)))) for q in FOUND}
    engine.dispose()
    assert found == FOUND


def test_how_text_is_cut() -> None:
    assert grams("湛江市HT-2026 水") == "湛江 江市 ht 2026 水"
    assert initials("湛江市水利局（2026）") == "zjsslj"
    assert gram_text(["水利", None, "ab", ""]) == " 水利 | sl | ab "


def test_a_phrase_does_not_run_from_one_column_into_the_next() -> None:
    both = gram_text(["ab", "cd"])
    assert " ab cd" not in both
    assert " ab | cd " in both
