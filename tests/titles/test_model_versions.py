"""Versions of a model are kept, one is live, and going back is always possible."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from leadline.core.errors import InputError, ModelFileError
from leadline.core.workspace import Workspace
from leadline.titles.classifier import Classifier, questions
from leadline.titles.facets import TrainedFacet
from leadline.titles.features import BUCKETS
from leadline.titles.linear import LinearModel
from leadline.titles.models import Models, ModelVersion
from leadline.titles.taxonomy import Taxonomy, parse_taxonomy

TEAMS = parse_taxonomy(
    "name: teams\nfacets:\n - {name: team, labels: [A, B]}\n - {name: size, labels: [S, L]}",
    source="teams.yml",
)


def trained(bias: int = 0, labels: tuple[str, ...] = ("A", "B")) -> TrainedFacet:
    """A model that is told apart from others by its bias."""
    none = np.zeros((0, len(labels)), np.int32)
    model = LinearModel(
        labels=labels,
        bias=np.full(len(labels), bias, np.int32),
        words=(),
        word_weights=none,
        pairs=(),
        pair_weights=none,
        ngram_weights=np.zeros((BUCKETS, len(labels)), np.int32),
        concepts=(),
        concept_weights=none,
    )
    return TrainedFacet(model, np.arange(101))


def bias_of(version: ModelVersion, facet: str = "team") -> int:
    """Which of the models `trained` made a version holds."""
    one = version.load(facet)
    assert one is not None
    return int(one.model.bias[0])


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path / "models")


def teach(models: Models, bias: int, taxonomy: Taxonomy = TEAMS, facet: str = "team") -> ModelVersion:
    return models.add(taxonomy.name, taxonomy, {facet: trained(bias)}, {facet: {"accuracy": bias}})


def test_the_first_version_is_live_at_once_and_later_ones_wait_for_their_promotion(models: Models) -> None:
    assert models.names() == []
    assert models.live("teams") is None
    assert (teach(models, 1).title, teach(models, 2).title) == ("teams@v1", "teams@v2")
    assert models.names() == ["teams"]
    assert [(one.version, one.live) for one in models.versions("teams")] == [("v1", True), ("v2", False)]
    assert bias_of(models.find("teams")) == 1
    assert bias_of(models.find("teams@v2")) == 2


def test_promoting_and_rolling_back_go_through_the_history(models: Models) -> None:
    for bias in (1, 2, 3):
        teach(models, bias)
    live = [
        models.promote(f"teams@v{n}").version for n in (3, 2, 2)
    ]  # promoting what is live changes nothing
    live += [models.rollback("teams").version for _ in range(2)]
    assert live == ["v3", "v2", "v2", "v3", "v1"]
    with pytest.raises(InputError, match="no earlier live version"):
        models.rollback("teams")
    assert bias_of(models.find("teams")) == 1
    assert len(models.versions("teams")) == 3, "nothing is ever thrown away"


def test_versions_are_counted_not_spelled(models: Models) -> None:
    for bias in range(1, 13):
        teach(models, bias)
    assert [one.version for one in models.versions("teams")] == [f"v{n}" for n in range(1, 13)]
    assert teach(models, 13).version == "v13"


def test_a_facet_that_was_not_taught_again_is_taken_over_from_the_live_version(models: Models) -> None:
    teach(models, 1)
    models.add("teams", TEAMS, {"size": trained(5, ("S", "L"))}, {"size": {"accuracy": 5}})
    second = models.promote("teams@v2")
    assert sorted(second.facets()) == ["size", "team"]
    assert (bias_of(second, "team"), bias_of(second, "size")) == (1, 5)
    assert second.report() == {"team": {"accuracy": 1}, "size": {"accuracy": 5}}
    assert second.taxonomy() == TEAMS
    assert second.load("nothing") is None


@pytest.mark.parametrize("title", ["teams@v9", "teams@", "teams@1", "teams@v01", "teams@../v1", "teams@live"])
def test_a_version_that_is_not_there_is_answered_with_those_that_are(models: Models, title: str) -> None:
    teach(models, 1)
    if title == "teams@":
        assert models.find(title).version == "v1"
        return
    with pytest.raises(InputError, match="Versions: v1"):
        models.find(title)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../outside",
        "/etc",
        "a/b",
        "a\\b",
        ".hidden",
        "-rf",
        "a" * 101,
        "ü",
        "a b",
        "a\n",
        "a\x00b",
    ],
)
def test_a_name_never_leads_out_of_the_folder_of_models(models: Models, tmp_path: Path, name: str) -> None:
    (tmp_path / "outside/v1").mkdir(parents=True)
    with pytest.raises(InputError, match="is no name for a model"):
        models.add(name, TEAMS, {"team": trained()}, {})
    for ask in (models.find, models.versions, models.rollback, lambda one: models.promote(f"{one}@v1")):
        with pytest.raises(InputError, match="There is no model"):
            ask(name)
    assert models.live(name) is None
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["outside"], "nothing was written"


def test_a_facet_named_like_a_path_stays_in_its_folder(models: Models, tmp_path: Path) -> None:
    evil = parse_taxonomy("name: evil\nfacets:\n - {name: ../../../x, labels: [A, B]}", source="evil.yml")
    version = models.add("evil", evil, {"../../../x": trained(4)}, {})
    assert bias_of(version, "../../../x") == 4
    assert {file.suffix for file in tmp_path.rglob("*") if file.is_file()} == {".npz", ".yml", ".json"}
    assert all(
        file.is_relative_to(tmp_path / "models/evil") for file in tmp_path.rglob("*") if file.is_file()
    )


@pytest.mark.parametrize("names", [("a b", "a_b"), ("größe", "gr_e"), ("über", "öber")])
def test_two_facets_whose_names_differ_only_in_odd_signs_keep_their_own_models(
    models: Models, names: tuple[str, str]
) -> None:
    first, second = names
    text = f"name: odd\nfacets:\n - {{name: {first}, labels: [A, B]}}\n - {{name: {second}, labels: [A, B]}}"
    version = models.add(
        "odd", parse_taxonomy(text, source="odd.yml"), {first: trained(1), second: trained(2)}, {}
    )
    assert (bias_of(version, first), bias_of(version, second)) == (1, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"history": null}',
        b'{"history": 3}',
        b"{}",
        b"\xff\xfe",
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_a_damaged_live_json_is_named_with_what_to_do(models: Models, tmp_path: Path, content: bytes) -> None:
    teach(models, 1)
    live = tmp_path / "models/teams/live.json"
    live.write_bytes(content)
    for ask in (models.versions, models.find, models.live, models.rollback):
        with pytest.raises(ModelFileError, match="live.json is damaged.*Delete it and promote a version"):
            ask("teams")
    live.unlink()
    assert models.live("teams") is None
    with pytest.raises(InputError, match="has no live version"):
        models.find("teams")
    assert models.promote("teams@v1").live, "as the message said"


@pytest.mark.parametrize("history", [["v7"], ["../../x"], [None], [[1]]])
def test_a_live_version_that_is_not_there_is_an_error_that_says_so(
    models: Models, tmp_path: Path, history: list[object]
) -> None:
    teach(models, 1)
    (tmp_path / "models/teams/live.json").write_text(json.dumps({"history": history}), encoding="utf-8")
    with pytest.raises(ModelFileError, match="of the model 'teams' is gone"):
        models.live("teams")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("team.npz", b"junk"),
        ("report.json", b"{"),
        ("taxonomy.yml", b"name: ["),
        ("report.json", None),
        ("taxonomy.yml", None),
    ],
)
def test_a_damaged_file_of_a_version_is_an_input_error_that_names_it(
    models: Models, file: str, content: bytes | None
) -> None:
    version = teach(models, 1)
    if content is None:
        (version.folder / file).unlink()
    else:
        (version.folder / file).write_bytes(content)
    with pytest.raises(InputError, match="team"):
        {
            "team.npz": lambda: version.load("team"),
            "report.json": version.report,
            "taxonomy.yml": version.taxonomy,
        }[file]()


@pytest.mark.parametrize(
    "confidence", [None, [], list(range(100)), [0] * 100 + [101], [-1] * 101, ["x"] * 101, [[0]] * 101]
)
def test_a_table_of_confidences_that_is_none_is_refused(models: Models, confidence: object) -> None:
    from leadline.titles.modelfile import save_model

    version = teach(models, 1)
    save_model(version.folder / "team.npz", trained().model, {"confidence": confidence})
    with pytest.raises(ModelFileError, match="team.npz is damaged"):
        version.load("team")


def test_a_version_that_could_not_be_written_leaves_nothing_behind(models: Models, tmp_path: Path) -> None:
    teach(models, 1)
    broken = TrainedFacet(trained().model, np.array([object()]))
    with pytest.raises(TypeError):
        models.add("teams", TEAMS, {"team": broken}, {})
    assert sorted(entry.name for entry in (tmp_path / "models/teams").iterdir()) == ["live.json", "v1"]


def test_the_live_model_of_a_taxonomy_is_asked_and_another_one_where_it_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.taxonomies.mkdir()
    (workspace.taxonomies / "teams.yml").write_text(
        "name: teams\nfacets:\n - {name: team, labels: [A, B]}", encoding="utf-8"
    )
    models = Models(workspace.models)
    assert questions(["teams"], model=None, workspace=workspace)[0].model is None
    teach(models, 1)
    teach(models, 2)
    (asked,) = questions(["teams"], model=None, workspace=workspace)
    assert asked.model is not None
    assert asked.model.title == "teams@v1"
    (asked,) = questions(["teams"], model="teams@v2", workspace=workspace)
    assert asked.model is not None
    assert asked.model.title == "teams@v2"


def test_a_model_whose_labels_the_taxonomy_no_longer_has_is_refused(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    teach(Models(workspace.models), 1)
    workspace.taxonomies.mkdir()
    (workspace.taxonomies / "teams.yml").write_text(
        "name: teams\nfacets:\n - {name: team, labels: [A, C]}", encoding="utf-8"
    )
    with pytest.raises(ModelFileError, match="the facet 'team' lacks: B.*train again"):
        Classifier(questions(["teams"], model=None, workspace=workspace))


@pytest.mark.parametrize(
    ("taxonomies", "model", "says"),
    [
        (["default", "default"], None, "Two facets write the column 'Role'"),
        (["default"], "teams", "decides none of the facets asked for"),
        (["default"], "nobody", "There is no model 'nobody'"),
        (["nobody"], None, "There is no taxonomy 'nobody'"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    tmp_path: Path, taxonomies: list[str], model: str | None, says: str
) -> None:
    workspace = Workspace(tmp_path)
    teach(Models(workspace.models), 1)
    with pytest.raises(InputError, match=says):
        questions(taxonomies, model=model, workspace=workspace)
