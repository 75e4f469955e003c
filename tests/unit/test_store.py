"""A store of vintages: what is kept, how it is named, and what is read back."""

import datetime
import json

import pandas as pd
import pytest

from faiwatch.cli import app as cli
from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError
from faiwatch.data.source import data_source
from faiwatch.data.store import Ingest, keep, read_vintages
from faiwatch.data.store_files import DataRoot
from faiwatch.page.parameters import check_parameters
from faiwatch.site.run_record import describe_store
from faiwatch.stats.vintages import known_at

FETCHED = datetime.datetime(2026, 11, 2, 9, 30, tzinfo=datetime.UTC)
HEADER = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct\n"
# four issues of a made-up monthly series, each revising what it published before
ISSUES = {
    "2025-09-02": "840000,total,2025-06,12800,0.3\n840000,total,2025-07,15100,-0.2\n",
    "2025-10-01": "840000,total,2025-07,15160,0.1\n840000,total,2025-08,17500,0.2\n",
    "2025-11-03": "840000,total,2025-08,17410,-0.2\n840000,total,2025-09,19900,-0.3\n",
    "2025-12-01": "840000,total,2025-09,19980,0.1\n840000,total,2025-10,22200,-0.6\n",
}


def figures(growth=-7.2, period="2026-08", issued=None, region="000000"):
    return pd.DataFrame(
        {
            "region_code": [region],
            "indicator": ["total"],
            "period": [period],
            "ytd_yoy_pct": [growth],
            "issued": [issued],
        }
    )


def ingest(issued="2026-09-15", content=b"as it came", fetched=FETCHED):
    day = None if issued is None else datetime.date.fromisoformat(issued)
    return Ingest("own.csv", content, "own", fetched, day)


@pytest.fixture
def address(tmp_path):
    return str(tmp_path / "store")


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    """Return a function that runs a command line and returns (exit code, stdout, stderr)."""
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def run(*words):
        monkeypatch.setattr("sys.argv", ["faiwatch", *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code, *capsys.readouterr()

    return run


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return tmp_path_factory.mktemp("archive")


@pytest.fixture
def four_issues(command, archive, monkeypatch):
    """Work in a folder whose store holds the issues, kept by the first test that asks."""
    monkeypatch.chdir(archive)
    for issued, rows in ISSUES.items():
        if not (archive / f"{issued}.csv").exists():
            (archive / f"{issued}.csv").write_text(HEADER + rows)
            code, _, said = command("keep", f"{issued}.csv", "--issued", issued)
            assert code == 0, said
    return command


def test_an_ingest_keeps_original_table_and_where_they_came_from(address):
    kept = keep(figures(), ingest(), address=address)
    root = DataRoot(address)
    assert root.read([f"originals/{kept.original_sha256}"]) == [b"as it came"]
    assert (kept.source, kept.issued, kept.original) == ("own", "2026-09-15", "own.csv")
    assert kept.fetched == "2026-11-02T09:30:00+00:00"
    assert (kept.regions, kept.first_period, kept.rows) == (("000000",), "2026-08", 1)
    assert root.vintages() == [kept]


def test_what_is_read_is_what_was_kept(address):
    table = data_source("demo").newest()
    keep(table, ingest("2026-12-31"), address=address)
    pd.testing.assert_frame_equal(data_source(address).newest()[table.columns], table)


def test_the_same_thing_kept_again_is_the_same_vintage(address):
    first = keep(figures(), ingest(), address=address)
    later = FETCHED + datetime.timedelta(days=1)
    assert keep(figures(), ingest(fetched=later), address=address) == first
    assert len(DataRoot(address).vintages()) == 1


def test_rows_without_a_date_take_that_of_the_ingest_and_others_keep_theirs(address):
    table = pd.concat([figures(), figures(-6.7, "2026-07", "2026-08-14")])
    keep(table, ingest(), address=address)
    dates = read_vintages(address).set_index("period")["issued"].dt.strftime("%Y-%m-%d")
    assert dates.to_dict() == {
        pd.Period("2026-07", "M"): "2026-08-14",
        pd.Period("2026-08", "M"): "2026-09-15",
    }


def test_a_correction_is_dated_by_the_vintage_that_brought_it(address):
    keep(figures(-7.2, issued="2026-09-15"), ingest(), address=address)
    keep(figures(-7.0, issued="2026-09-15"), ingest("2026-10-20"), address=address)
    vintages = data_source(address).vintages()
    assert known_at(vintages, "2026-08")["ytd_yoy_pct"].tolist() == [-7.2]
    assert known_at(vintages, "2026-09")["ytd_yoy_pct"].tolist() == [-7.0]


@pytest.mark.parametrize("after", [{"hours": 1}, {"milliseconds": 1}], ids=["hour", "moment"])
@pytest.mark.parametrize("mended", [-7.0, -6.9, -6.8, -6.7])
def test_of_two_readings_of_one_day_the_later_counts(address, after, mended):
    later = FETCHED + datetime.timedelta(**after)
    keep(figures(mended), ingest(fetched=later, content=b"mended"), address=address)
    keep(figures(-72.0), ingest(), address=address)
    assert data_source(address).newest()["ytd_yoy_pct"].tolist() == [mended]


def test_a_row_that_no_file_is_known_of_points_into_the_store(address):
    kept = keep(figures(), ingest(), address=address)
    row = data_source(address).newest().iloc[0]
    assert (row["file"], row["row"]) == (kept.file, 1)


@pytest.mark.parametrize(
    ("table", "given"),
    [
        (figures(), ingest(None)),
        (figures(issued="2026-10-01"), ingest("2026-09-15")),
        (pd.concat([figures(), figures()]), ingest()),
    ],
    ids=["no issue date", "issued after its vintage", "a month twice"],
)
def test_what_breaks_the_contract_is_not_kept(address, table, given):
    with pytest.raises(DataInvalidError):
        keep(table, given, address=address)
    assert DataRoot(address).vintages() == []


def test_an_empty_store_says_so(address):
    with pytest.raises(DataMissingError, match="keep"):
        read_vintages(address)


def test_pages_take_a_store_and_know_its_regions(address):
    keep(figures(region="610702"), ingest(), address=address)
    for data in (address, f"file://{address}"):
        assert check_parameters("02_monitor", {"region": "610702", "data": data}).data == data
        with pytest.raises(ParameterError, match="610702"):
            check_parameters("02_monitor", {"region": "000000", "data": data})
    (read,) = describe_store(address)
    assert (read.rows, read.latest_issued) == (1, "2026-09-15")


@pytest.mark.parametrize(
    "data", ["s3://key:secret@bucket/fai", "s3://bucket/../other", "http://bucket/fai", "s3://"]
)
def test_other_addresses_are_refused(data):
    with pytest.raises(ParameterError):
        check_parameters("02_monitor", {"data": data})


def test_a_password_in_an_address_is_not_repeated(command, tmp_path):
    (tmp_path / "own.csv").write_text(HEADER + ISSUES["2025-09-02"])
    code, _, said = command("keep", "own.csv", "--data", "s3://key:secret@bucket/fai")
    assert code == 2
    assert "secret" not in said


def test_four_vintages_in_triangle_and_as_of_flags_out(four_issues):
    about = ["--data", "vintages", "--region", "840000", "--json"]
    answer = json.loads(four_issues("revisions", *about)[1])
    august = [row for row in answer["triangle"] if row["period"] == "2025-08"]
    assert [(row["issued"], row["value"]) for row in august] == [
        ("2025-10-01", 0.2),
        ("2025-11-03", -0.2),
    ]
    assert answer["statistics"][0]["n_revisions"] == 3

    def state(month, as_of):
        told = json.loads(four_issues("flags", *about, "--as-of", as_of)[1])
        found = {(row["period"], row["definition"]): row["state"] for row in told["flags"]}
        return found[month, "ytd"]

    assert state("2025-07", "2025-08") == "negative"  # known by the end of September
    assert state("2025-07", "2025-09") == "non_negative"
    assert state("2025-08", "2025-09") == "non_negative"
    assert state("2025-08", "2025-10") == "negative"


def test_diff_says_what_is_new_what_was_revised_and_what_it_did(four_issues):
    about = ["--data", "vintages", "--region", "840000"]
    code, said, _ = four_issues(
        "diff", *about, "--as-of", "2025-10", "--against", "2025-09", "--json"
    )
    answer = json.loads(said)
    assert code == 0
    assert {(row["period"], row["kind"]) for row in answer["figures"]} == {
        ("2025-08", "revised"),
        ("2025-09", "new"),
    }
    added = {(row["period"], row["definition"], row["kind"]) for row in answer["flags"]}
    assert ("2025-08", "ytd", "added") in added
    assert "by revision" in answer["summary"]["en"]
    code, said, _ = four_issues("diff", *about)  # since the last release
    assert code == 0
    assert "October 2025" in said
    assert "withdrawn" in said


@pytest.mark.parametrize(
    "words",
    [
        ["--as-of", "2025-09", "--against", "2025-10"],
        ["--as-of", "2025-13"],
        ["--against", "latest"],
        ["--indicator", "totel"],
    ],
    ids=" ".join,
)
def test_diff_refuses_what_makes_no_sense(four_issues, words):
    code, _, said = four_issues("diff", "--data", "vintages", "--region", "840000", *words)
    assert code == 2, said


def test_vintages_lists_them_in_the_order_of_issue(four_issues):
    told = json.loads(four_issues("vintages", "--json")[1])
    assert [one["issued"] for one in told] == list(ISSUES)
    listed = four_issues("vintages")[1].splitlines()
    minutes = [f"{pd.Timestamp(one['fetched']):%Y-%m-%d %H:%M} UTC" for one in told]
    assert [line.split("  ")[4] for line in listed] == minutes
