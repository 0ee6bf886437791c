"""A plug-in is found, listed and run; whatever is wrong with one, the others and Lacuna do not notice."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import main
from engines import ladder, plugins, registry
from engines.base import Box, EngineError, Progress, Region, RemoveRequest
from tests.plugins.installing import clean, install, install_sample  # noqa: F401

pytestmark = pytest.mark.usefixtures("clean")
ROOT = Path(__file__).parents[2]

SPEC = (
    "from engines.registry import EngineSpec\n"
    "SPEC = EngineSpec(id='own', task='remove', title='Own', module='plugged_engine', factory='Own',\n"
    "                  forms=((),), note='Mine.')\n"
)


def request_for(engine):
    random = np.random.default_rng(0)
    image, hole = random.random((40, 60, 3), np.float32), np.zeros((40, 60), bool)
    hole[10:20, 5:15] = True
    region = Region(Box(7, 9, 60, 40), image, hole, hole.astype(np.float32))
    return RemoveRequest(engine, (region,))


def run(engine_id):
    request = request_for(engine_id)
    return request, ladder.run(lambda _: registry.load(engine_id), request, Progress(), print)


def test_the_sample_is_found_listed_and_run():
    install_sample()
    assert "lacuna_mirror" not in sys.modules
    (plugin,) = plugins.look()
    assert (plugin.engine, plugin.source, plugin.error) == ("mirror", "lacuna-mirror 1.2.0", "")
    assert (
        "lacuna_mirror" in sys.modules and "lacuna_mirror.engine" not in sys.modules
    )  # not before it is used
    entry = registry.spec("mirror", "remove")
    assert entry.source == "lacuna-mirror 1.2.0" and registry.lacks(entry) == ""
    assert [each.id for each in registry.engines()][-1] == "mirror"
    request, result = run("mirror")
    (region,), (patch,) = request.regions, result.patches
    assert np.array_equal(patch.rgb[10:20, 5:15], region.image[10:20, ::-1][:, 5:15])
    assert result.engine == "mirror" and not patch.alpha[~region.hole].any()
    plugins.forget()
    with pytest.raises(EngineError, match="no engine"):
        registry.spec("mirror")


def test_one_whose_libraries_are_not_there_says_which():
    text = SPEC.replace("note='Mine.'", "note='Mine.', libraries=('numpy', 'no_such_library')")
    install("plugged-own", "1", {"own": "plugged_own:SPEC"}, {"plugged_own": text})
    plugins.look()
    words = "Own needs no_such_library. Install plugged-own 1 again with all that it asks for."
    assert registry.lacks(registry.spec("own")) == words
    with pytest.raises(EngineError, match="no_such_library"):
        registry.load("own")


def test_the_sample_is_a_package_that_can_be_installed():
    """What the tests write into the folder by hand is what its pyproject.toml says."""
    import tomllib

    project = tomllib.loads((ROOT / "tests/plugins/pyproject.toml").read_text())["project"]
    assert project["entry-points"][plugins.GROUP] == {"mirror": "lacuna_mirror:ENGINE"}
    assert (project["name"], project["version"]) == ("lacuna-mirror", "1.2.0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def SPEC(:", "SyntaxError"),
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("import sys; sys.exit('gone')", "SystemExit, gone"),
        ("class Odd(BaseException): pass\nraise Odd('a\\nb\\x1b[2J' * 500)", "Odd, a b [2J"),
        ("", "AttributeError"),
        ("SPEC = {'id': 'own'}", "gives no engines.registry.EngineSpec"),
        (
            SPEC + "class Sly(EngineSpec): pass\nSPEC = Sly(**vars(SPEC))",
            "gives no engines.registry.EngineSpec",
        ),
    ],
)
def test_one_that_is_broken_is_a_line(text, words):
    install_sample()
    install("plugged-bad", "3", {"bad": "plugged_bad:SPEC"}, {"plugged_bad": text})
    bad, good = plugins.look()
    assert bad.engine == "" and words in bad.error and bad.error.startswith("This plug-in is not used: ")
    assert bad.error.isprintable() and len(bad.error) < 300
    assert bad.source == "plugged-bad 3" and good.engine == "mirror"
    assert registry.spec("mirror")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "migan"}, "there is an engine “migan” already"),
        ({"id": "mirror"}, "there is an engine “mirror” already"),
        ({"id": "../x"}, "its id"),
        ({"id": 7}, "its id"),
        ({"task": "fill"}, "its task is none of: remove"),
        ({"title": "a\nb"}, "its title"),
        ({"title": "x" * 300}, "its title"),
        ({"note": None}, "its note"),
        ({"module": "os;system"}, "its module"),
        ({"factory": "__import__('os')"}, "its module or its factory"),
        ({"forms": (("migan-512",),)}, "its forms"),
        ({"forms": ()}, "its forms"),
        ({"forms": "x"}, "its forms"),
        ({"seconds": float("nan")}, "its seconds"),
        ({"memory": -1}, "its memory"),
        ({"memory": True}, "its memory"),
        ({"on_card": 1}, "its on_card"),
        ({"lines": "magic"}, "its lines"),
        ({"seed": "magic"}, "its seed"),
        ({"libraries": (1,)}, "its libraries"),
        ({"libraries": ["torch"]}, "its libraries"),
    ],
)
def test_only_what_makes_sense_is_taken(change, words):
    install_sample()
    text = f"{SPEC}import dataclasses\nnan = float('nan')\nSPEC = dataclasses.replace(SPEC, **{change!r})"
    install("plugged-zz", "1", {"zz": "plugged_zz:SPEC"}, {"plugged_zz": text})
    good, bad = plugins.look()
    assert good.engine == "mirror" and words in bad.error, bad.error
    assert len(registry.engines()) == len(registry.ENGINES) + 1


ENGINE = """
import numpy as np
from engines.base import *
class Own:
    def __init__(self, device): pass
    def run(self, request, progress):
        region = request.regions[0]
        box = region.box
        rgb, alpha = np.full(region.image.shape, 0.5), np.ones(region.hole.shape)
        {change}
        return RemoveResult((Patch(box, rgb, alpha),), 'lama', 'x', 'cpu')
"""


def own(change="pass"):
    modules = {"plugged_own": SPEC, "plugged_engine": ENGINE.format(change=change)}
    install("plugged-own", "1", {"own": "plugged_own:SPEC"}, modules)
    plugins.look()


def test_nothing_beyond_the_mask_is_changed_and_no_other_engine_is_pretended():
    own("rgb[:] = 7")
    request, result = run("own")
    (patch,) = result.patches
    assert np.array_equal(patch.alpha, request.regions[0].target)
    assert patch.rgb.max() == 1 and patch.rgb.dtype == np.float32
    assert result.engine == "own"


@pytest.mark.parametrize(
    "change",
    [
        "return None",
        "return RemoveResult((), 'own', '', 'cpu')",
        "box = Box(0, 0, 60, 40)",
        "box = Box(box.x, box.y, 61, 40)",
        "alpha = alpha[1:]",
        "rgb = rgb[..., :2]",
        "rgb[0, 0] = np.nan",
        "alpha[0, 0] = np.inf",
    ],
)
def test_results_that_are_none(change):
    own(change)
    with pytest.raises(EngineError, match=r"Own gave .* It is a plug-in of plugged-own 1") as caught:
        run("own")
    assert "\n" not in str(caught.value)


def test_a_folder_that_others_may_write_into_is_not_looked_at():
    install_sample()
    plugins.folder().chmod(0o777)
    assert plugins.look() == ()
    plugins.folder().chmod(0o755)
    assert len(plugins.look()) == 1


def test_nor_is_a_link(tmp_path):
    install_sample()
    plugins.folder().rename(tmp_path / "elsewhere")
    plugins.folder().symlink_to(tmp_path / "elsewhere")
    assert plugins.look() == ()


def test_a_plugin_does_not_stand_in_for_a_library():
    """The folder comes after everything else."""
    install(
        "plugged-numpy", "1", {"x": "numpy:SPEC"}, {"numpy": "raise SystemExit", "json": "raise SystemExit"}
    )
    plugins.look()
    code = "import sys; sys.path.append(sys.argv[1]); import numpy, json; print(numpy.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(plugins.folder())], capture_output=True, text=True, check=True
    )
    assert str(plugins.folder()) not in done.stdout
    assert sys.path[-1] == str(plugins.folder())


def test_a_damaged_list_of_entry_points():
    install("plugged-odd", "1", {"odd": "no place at all :"}, {})
    install_sample()
    odd, good = sorted(plugins.look(), key=lambda each: each.engine)
    assert odd.error and good.engine == "mirror"


def test_the_command_uses_one_that_is_asked_for(tmp_path, monkeypatch):
    install_sample()
    pixels = np.random.default_rng(0).integers(0, 255, (64, 96, 3), np.uint8)
    mask = np.zeros((64, 96), np.uint8)
    mask[20:30, 10:20] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    Image.fromarray(mask).save(tmp_path / "m.png")
    words = [
        "remove",
        str(tmp_path / "a.png"),
        "--mask",
        str(tmp_path / "m.png"),
        "-o",
        str(tmp_path / "o.png"),
    ]
    assert main.main([*words, "--engine", "patches"]) == 0
    assert plugins.found() == ()  # nobody asked for it
    assert main.main([*words, "--engine", "mirror"]) == 0
    out = np.asarray(Image.open(tmp_path / "o.png"))
    assert np.array_equal(out[mask == 0], pixels[mask == 0])
    assert not np.array_equal(out[mask > 0], pixels[mask > 0])
    plugins.forget()
    from editor import settings

    settings.save(settings.Settings(plugins=False))
    assert main.main([*words, "--engine", "mirror"]) == 2  # switched off
