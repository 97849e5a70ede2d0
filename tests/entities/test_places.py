"""Every province and country has its place; what is not sure stays unknown."""

import math

import pytest
from tests.entities.marked import linked

from sukien.entities.keys import key_of
from sukien.entities.places import Context, resolve
from sukien.entities.placetables import _rows, province_of_today

ROWS = _rows("places.tsv")
PROVINCES = {row[0] for row in ROWS if row[1] == "province"}


def test_sixty_three_provinces_became_thirty_four() -> None:
    assert len(PROVINCES) == 63
    assert len({province_of_today(province) for province in PROVINCES}) == 34


@pytest.mark.parametrize("kind", ["country", "province", "region", "city"])
def test_all_rows_have_coordinates_and_resolve_by_their_first_name(kind: str) -> None:
    for kb_id, row_kind, country, _, latitude, longitude, names in ROWS:
        if row_kind != kind:
            continue
        assert -90 <= float(latitude) <= 90, names
        assert -180 <= float(longitude) <= 180, names
        name = names.split("|")[0]
        if "(" in name:
            continue
        place = resolve(key_of(name))
        assert place is not None, name
        assert place.country == country, name
        assert kind != "country" or place.kb_id == kb_id, name


def test_kinds_of_the_table_are_known() -> None:
    assert {row[1] for row in ROWS} <= {"country", "province", "region", "city"}


def test_every_vietnamese_province_lies_in_viet_nam() -> None:
    for row in ROWS:
        if row[1] == "province":
            assert 8 < float(row[4]) < 24
            assert 102 < float(row[5]) < 110


@pytest.mark.parametrize(
    ("name", "kb_id"),
    [
        ("Nga", "RU"),
        ("Liên bang Nga", "RU"),
        ("Ả-rập Xê-út", "SA"),
        ("Ả Rập Xê Út", "SA"),
        ("CHDCND Triều Tiên", "KP"),
        ("nước Pháp", "FR"),
        ("Đắc Lắc", "VN-33"),
        ("tỉnh Đắk Lắk", "VN-33"),
        ("Bà Rịa - Vũng Tàu", "VN-43"),
        ("Bình Nhưỡng", "geonames:1871859"),
        ("thủ đô Paris", "geonames:2988507"),
        ("Thanh Hoá", "VN-21"),
    ],
)
def test_names_of_places(name: str, kb_id: str) -> None:
    place = resolve(key_of(name))
    assert place is not None
    assert place.kb_id == kb_id


@pytest.mark.parametrize(
    "name",
    ["huyện Châu Thành", "Birmingham xa", "sông Sài Gòn", "đường Lê Lợi", "phường 1", "Sao Băng"],
)
def test_what_is_not_sure_is_unknown(name: str) -> None:
    assert resolve(key_of(name)) is None


def test_the_unit_after_a_name_tells_which_one() -> None:
    town = linked("Cháy ở [LOC huyện Châu Thành], [LOC tỉnh Bến Tre].")[0]
    assert (town.country, town.province) == ("VN", "Vĩnh Long")
    state = linked("Hãng ở [LOC Burlington], bang [LOC Massachusetts].")[0]
    assert state.latitude is not None
    assert state.country == "US"
    assert math.isclose(state.latitude, 42.5, abs_tol=0.3)


def test_a_namesake_abroad_is_not_the_vietnamese_province() -> None:
    abroad = linked("Lũ lớn ở [LOC Hà Nam] ([LOC Trung Quốc]).")[0]
    assert abroad.country == "CN"
    home = linked("Lũ lớn ở [LOC Hà Nam].")[0]
    assert home.kb_id == "VN-63"


def test_a_commune_of_elsewhere_is_not_taken() -> None:
    assert resolve(key_of("xã Lìa"), Context([key_of("tỉnh Cà Mau")])) is None


def test_seats_move_with_the_mergers() -> None:
    before = resolve(key_of("Gia Lai"), published="2025-06-30")
    after = resolve(key_of("Gia Lai"), published="2025-07-01T08:00:00+07:00")
    assert before is not None
    assert after is not None
    assert (before.latitude, after.latitude) == (13.98, 13.78)
