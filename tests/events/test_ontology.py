from __future__ import annotations

from pathlib import Path

import pytest

from sukien.events.ontology import OntologyError, load_ontology

ACE = {
    *("Be-Born", "Marry", "Divorce", "Injure", "Die", "Transport", "Transfer-Ownership"),
    *("Transfer-Money", "Start-Org", "Merge-Org", "Declare-Bankruptcy", "End-Org", "Attack"),
    *("Demonstrate", "Meet", "Phone-Write", "Start-Position", "End-Position", "Nominate"),
    *("Elect", "Arrest-Jail", "Release-Parole", "Trial-Hearing", "Charge-Indict", "Sue"),
    *("Convict", "Sentence", "Fine", "Execute", "Extradite", "Acquit", "Appeal", "Pardon"),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_ontology_holds_the_types_of_ace_and_ours() -> None:
    types = load_ontology().types
    assert set(types) > ACE
    assert {"Join-Org", "Rename-Org", "Value-Change", "Cyberattack", "Statement"} < set(types)


def test_every_type_is_described_and_has_place_and_time() -> None:
    ontology = load_ontology()
    for kind in ontology.types.values():
        assert kind.vi
        assert kind.en
        assert kind.label
        assert kind.roles[-2:] == ("Place", "Time")
        assert set(kind.agent + kind.patient) <= set(kind.roles)
        assert set(kind.roles) <= set(ontology.roles)


def test_every_type_has_lexemes() -> None:
    ontology = load_ontology()
    assert {lexeme.type for lexeme in ontology.lexemes} == set(ontology.types)


def test_no_lexeme_is_listed_twice_for_a_type() -> None:
    pairs = [(lexeme.text, lexeme.type) for lexeme in load_ontology().lexemes]
    assert len(pairs) == len(set(pairs))


def test_statement_is_off_unless_asked_for() -> None:
    ontology = load_ontology()
    assert "Statement" not in ontology.enabled()
    assert "Statement" in ontology.enabled("Statement")


def test_asking_for_an_unknown_type_names_it() -> None:
    with pytest.raises(OntologyError, match="'Statment'"):
        load_ontology().enabled("Statment")


def test_user_file_adds_a_type_with_roles_and_lexemes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        [roles.Herd]
        vi = "đàn gia súc"
        fills = ["noun", "count"]
        [types.Slaughter]
        group = "Farming"
        name = "Giết mổ"
        roles = ["Agent", "Herd"]
        agent = ["Agent"]
        patient = ["Herd"]
        lexemes = ["giết mổ", { text = "Tiêu Huỷ", weight = 0.4, unless = ["_ hồ sơ"] }]
        """,
    )
    ontology = load_ontology(path)
    kind = ontology.types["Slaughter"]
    assert kind.roles == ("Agent", "Herd", "Place", "Time")
    assert ontology.roles["Herd"].fills == {"noun", "count"}
    mine = [lexeme for lexeme in ontology.lexemes if lexeme.type == "Slaughter"]
    assert [(m.text, m.weight, m.unless, m.source) for m in mine] == [
        ("giết mổ", 0.8, (), "user"),
        ("tiêu hủy", 0.4, ("_ hồ sơ",), "user"),
    ]


def test_user_file_changes_only_what_it_gives(tmp_path: Path) -> None:
    path = write(tmp_path, '[types.Award]\nname = "Giải thưởng"\nlexemes = ["lên bục"]\n')
    before, after = load_ontology().types["Award"], load_ontology(path).types["Award"]
    assert after.label == "Giải thưởng"
    assert (after.roles, after.agent, after.vi) == (before.roles, before.agent, before.vi)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("types = 3", "types: must be a table"),
        ('[types.X]\nroles = ["Nobody"]', "types.X.roles: there is no role 'Nobody'"),
        ('[types.X]\nagent = ["Agent"]', "types.X.agent: 'Agent' is not among the roles"),
        ('[types.X]\nagents = ["Agent"]', "types.X.agents: is not known here"),
        ('[types.X]\nroles = "Agent"', "types.X.roles: must be a list of strings"),
        ("[types.X]\nenabled = 1", "types.X.enabled: must be true or false"),
        ('[types.X]\nlexemes = [""]', r"types.X.lexemes\[0\].text: a lexeme has 1 to 6"),
        ('[types.X]\nlexemes = ["a b c d e f g"]', "a lexeme has 1 to 6 syllables"),
        ('[types.X]\nlexemes = [{ text = "a", weight = 2 }]', "must lie between 0 and 1"),
        ('[types.X]\nlexemes = [{ text = "a", unless = ["b"] }]', "needs one `_`"),
        ("[types.X]\nlexemes = [3]", "must be a string or a table"),
        ('[roles.X]\nfills = ["DOG"]', "roles.X.fills: 'DOG' is none of"),
        ("[types", "is not TOML"),
        ("[verbs]", "verbs: is not known here"),
    ],
)
def test_errors_name_the_file_and_the_key(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(OntologyError, match=message) as caught:
        load_ontology(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_an_ontology_error(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="cannot be read"):
        load_ontology(tmp_path / "none.toml")


def test_a_lexeme_may_need_a_name_after_it(tmp_path: Path) -> None:
    text = '[types.X]\nlexemes = [{ text = "thành", next = ["ORG"] }]\n'
    mine = [x for x in load_ontology(write(tmp_path, text)).lexemes if x.type == "X"]
    assert mine[0].next == ("ORG",)
    with pytest.raises(OntologyError, match="'ORGS' is none of"):
        load_ontology(write(tmp_path, text.replace("ORG", "ORGS")))
