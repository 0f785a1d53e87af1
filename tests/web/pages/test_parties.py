"""Credit files: one code, every name, points with their reasons; never an authority's records."""

from tests.web.office import NAME_A, PARTY_A, PARTY_B, SUIXI, World, contract_body, finding_body, sanctioned
from tests.web.pages.reading import approved, look, published, read, words

AUTHORITY = f"CN-USCC:{SUIXI}"


def test_the_search_knows_names_initials_and_codes(world: World) -> None:
    sanctioned(world)
    for q in ("试例水利", "zjssl", "91440800MA4X00000Y"):
        assert NAME_A in words(read(world, "auditor", f"/parties?q={q}"))
    assert "没有找到" in words(read(world, "auditor", "/parties?q=没有这家"))
    assert look(world, "administrator", "/parties").status_code == 403


def test_points_and_why(world: World) -> None:
    case = sanctioned(world)
    text = words(read(world, "decider", f"/parties/{PARTY_A}"))
    assert "扣 0.0 分" in text
    assert "计入：" not in text  # a decision that was not served is no record yet
    world.at("2026-05-06")
    world.case("county-supervisor", case, "/service", {"method": "direct", "repair_notice": True})
    text = words(read(world, "decider", f"/parties/{PARTY_A}"))
    assert "扣 3.0 分" in text
    assert "计入：已送达" in text
    assert ("credit-file", PARTY_A) in [(row.kind, row.subject) for row in world.reads()]


def test_a_repaired_record_no_longer_counts(world: World) -> None:
    approved(world, published(world))
    text = words(read(world, "decider", f"/parties/{PARTY_A}"))
    assert "不计：已经修复" in text
    assert "扣 0.0 分" in text


def test_a_renamed_firm_keeps_its_file(world: World) -> None:
    published(world)
    office = world.ask("county-supervisor")
    version = office.get(f"/parties/{PARTY_A}")["version"]
    office.post(f"/parties/{PARTY_A}/renaming", {"name": "湛江市新名水利有限公司", "renamed_on": "2026-04-20"}, seen=version)
    text = words(read(world, "decider", f"/parties/{PARTY_A}"))
    assert "湛江市新名水利有限公司" in text
    assert f"曾用名 {NAME_A}（至 2026-04-20" in text
    assert "遂水罚〔2026〕1号" in text


def test_an_authoritys_records_never_enter_a_credit_file(world: World) -> None:
    contract = world.ask("county-supervisor").post("/contracts", contract_body()).json()
    asked = finding_body(behaviour="GOV-01", kind="management", party=AUTHORITY, occurred_on="2026-01-12", facts="逾期付款")
    case = world.ask("city-supervisor").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    for ref in (AUTHORITY, PARTY_A):
        text = words(read(world, "auditor", f"/parties/{ref}"))
        assert case["number"] not in text
        assert "没有信用记录" in text


def test_an_applicant_reads_only_their_own_file(world: World) -> None:
    sanctioned(world)
    assert "登记更名" not in words(read(world, "company-a", f"/parties/{PARTY_A}"))
    assert look(world, "company-b", f"/parties/{PARTY_A}").status_code == 404
    assert look(world, "company-a", f"/parties/{PARTY_B}").status_code == 404
    assert look(world, "auditor", "/parties/CN-USCC:91440800MA4X00000X").status_code == 404  # no code at all
    assert look(world, "auditor", f"/parties/{PARTY_B}").status_code == 404  # not known here
