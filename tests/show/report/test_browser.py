"""The page in a real browser, headless and without a network: click, search, sort, zoom, keys, light and dark."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.examples import sawtooth
from tests.show.report.pages import certificate_of, regions_of
from tests.show.report.test_verification import GREATEST, PLANE, asked
from verishallow import checker
from verishallow.network import ReLUNetwork
from verishallow.proof import prove
from verishallow.show.report import report

if not (shutil.which("chromium") and shutil.which("chromedriver")):
    pytest.skip("chromium is not installed", allow_module_level=True)
webdriver: Any = pytest.importorskip("selenium.webdriver")

HOSTILE = "<img src=x onerror=\"document.title='broken'\">"
MANY = 1024

Window = Callable[..., Any]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages that the tests look at."""
    folder = tmp_path_factory.mktemp("pages")
    plane = certificate_of((2, 5, 5, 3), "box:-1,1")
    written = {
        "plane": report(plane, "plane"),
        "line": report(certificate_of((1, 6, 4, 2), "box:-2,2"), "line"),
        "space": report(certificate_of((3, 4, 4, 2), "box:-1,1"), "space"),
        "unbounded": report(certificate_of((2, 4, 4, 1)), "unbounded"),
        "hostile": report(plane, HOSTILE, [HOSTILE, "b"], [HOSTILE, "</script>", "&amp;"]),
        "holds": report(asked(PLANE, GREATEST), "holds"),
        "violated": report(asked(PLANE, "4"), "violated"),
        "many": report(prove(ReLUNetwork.of(sawtooth(10)), "box:0,1"), "many"),
    }
    for name, page in written.items():
        (folder / f"{name}.html").write_bytes(page)
    return {name: folder / f"{name}.html" for name in written}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium that saves files, and keeps its messages."""
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415 - an extra

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,1000"):
        options.add_argument(argument)
    options.add_experimental_option(
        "prefs",
        {"download.default_directory": str(tmp_path_factory.mktemp("saved")), "download.prompt_for_download": False},
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.saved = Path(options.experimental_options["prefs"]["download.default_directory"])
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Window]:
    """Opens a page, of some width and in one of the schemes; afterwards nothing may have gone wrong or been loaded."""

    def look(name: str, scheme: str = "light", width: int = 1400, fragment: str = "") -> Any:
        browser.get("about:blank")
        browser.execute_cdp_cmd("Network.enable", {})
        blocked = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        browser.execute_cdp_cmd("Network.emulateNetworkConditions", blocked)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(pages[name].as_uri() + fragment)
        wait(lambda: js(browser, "return document.documentElement.dataset.ready"))
        return browser

    yield look
    assert browser.get_log("browser") == []
    assert js(browser, "return performance.getEntriesByType('resource').length") == 0


def wait(condition: Callable[[], Any], seconds: float = 20) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


def js(browser: Any, script: str, *arguments: Any) -> Any:
    return browser.execute_script(script, *arguments)


def text(browser: Any, selector: str) -> str:
    return str(js(browser, "return document.querySelector(arguments[0]).textContent", selector))


def rows(browser: Any, column: int = 0) -> list[str]:
    script = "return [...document.querySelectorAll('#rows tr')].map((row) => row.children[arguments[0]].textContent)"
    found: list[str] = js(browser, script, column)
    return found


def click(browser: Any, selector: str) -> None:
    browser.find_element("css selector", selector).click()


def click_area(browser: Any, number: int) -> None:
    """A click of the mouse in the middle of an area of the picture; of a convex one it is inside."""
    script = """
        const area = document.querySelector(`.areas [data-region="${arguments[0]}"]`);
        document.getElementById('picture').scrollIntoView({block: 'center'});
        const points = (area.getAttribute('d') ?? '').match(/[\\d.]+ [\\d.]+/g)?.map((p) => p.split(' ').map(Number));
        const box = area.getBBox();
        const mean = (k) => points.reduce((sum, p) => sum + p[k], 0) / points.length;
        const [x, y] = points ? [mean(0), mean(1)] : [box.x + box.width / 2, box.y + box.height / 2];
        const there = new DOMPoint(x, y).matrixTransform(document.getElementById('picture').getScreenCTM());
        return [there.x, there.y];
    """
    x, y = js(browser, script, number)
    for kind in ("mousePressed", "mouseReleased"):
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
        browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def search(browser: Any, words: str) -> None:
    field = browser.find_element("id", "search")
    field.clear()
    field.send_keys(words or " ")


@pytest.mark.parametrize("name", ["plane", "line"])
def test_a_click_in_the_picture_shows_the_region(opened: Window, pages: dict[str, Path], name: str) -> None:
    browser, data = opened(name), regions_of(pages[name].read_bytes())
    volumes = [float(region["share"][1].strip("~ %")) for region in data["regions"]]
    number = volumes.index(max(volumes)) + 1
    region = data["regions"][number - 1]
    click_area(browser, number)
    assert text(browser, "#panel-heading") == f"Region {number} of {len(data['regions'])}"
    panel = text(browser, "#chosen")
    assert f"{data['outputs'][0]} = {region['map'][0][1]}" in panel
    for rule in region["rules"]:
        assert rule["text"][1] in panel
    assert region["pattern"] in panel
    assert region["witness"][0][1] in panel
    wait(lambda: f"line {region['line']}: leaf" in text(browser, "#chosen"))
    assert '"record":"leaf"' in text(browser, ".lines pre")
    assert js(browser, "return document.querySelectorAll('.picture .outline').length") >= 1
    assert browser.current_url.endswith(f"#region-{number}")


def test_a_click_on_a_row_marks_the_picture(opened: Window) -> None:
    browser = opened("plane")
    click(browser, "#rows tr:nth-child(3) td:last-child")
    assert text(browser, "#panel-heading").startswith("Region 3 of")
    assert js(browser, "return document.querySelector('#rows tr[aria-current=true]').dataset.region") == "3"
    outline = js(browser, "return document.querySelector('.outline').getAttribute('d')")
    assert outline == js(browser, "return document.querySelector('.areas [data-region=\"3\"]').getAttribute('d')")


def test_the_table_turns_to_the_page_of_the_region(opened: Window) -> None:
    browser = opened("many", fragment="#region-1000")
    assert text(browser, "#place") == f"page 40 of {-(-MANY // 25)}"
    assert js(browser, "return document.querySelector('#rows tr[aria-current=true]').dataset.region") == "1000"
    search(browser, "#7")
    click_area(browser, 900)
    assert rows(browser) == ["7"]


def test_the_certificate_lines_lead_to_the_region(opened: Window, pages: dict[str, Path]) -> None:
    browser = opened("plane", fragment="#region-5")
    lines = wait(lambda: js(browser, "return [...document.querySelectorAll('.lines pre')].map((e) => e.textContent)"))
    records = [json.loads(line) for line in reversed(lines)]
    assert records[0]["record"] == "layer"
    assert records[-1]["record"] == "leaf"
    data = regions_of(pages["plane"].read_bytes())["regions"][4]
    assert records[-1]["witness"] == [exact for exact, _ in data["witness"]]


def test_search_by_words_of_rules_and_by_number(opened: Window, pages: dict[str, Path]) -> None:
    browser, data = opened("plane"), regions_of(pages["plane"].read_bytes())["regions"]
    search(browser, "#7")
    assert rows(browser) == ["7"]
    rule = data[3]["rules"][0]["text"][1]
    search(browser, rule)
    wanted = [str(n) for n, region in enumerate(data, start=1) if all(word in str(region) for word in rule.split())]
    assert set(rows(browser)) <= set(wanted)
    assert "4" in rows(browser)
    search(browser, "nothing-like-this")
    assert rows(browser) == []
    assert text(browser, "#found") == f"0 of {len(data)} regions"


def test_sorting_by_share_is_exact(opened: Window, pages: dict[str, Path]) -> None:
    browser, data = opened("plane"), regions_of(pages["plane"].read_bytes())["regions"]
    head = "#regions-table button[data-key=rank]"
    click(browser, head)
    order = sorted(range(len(data)), key=lambda index: data[index]["rank"])
    assert rows(browser) == [str(index + 1) for index in order][:25]
    assert js(browser, f"return document.querySelector('{head}').parentElement.ariaSort") == "ascending"
    click(browser, head)
    assert rows(browser) == [str(index + 1) for index in reversed(order)][:25]


def test_thousands_of_regions_are_quick(opened: Window) -> None:
    start = time.monotonic()
    browser = opened("many")
    assert len(rows(browser)) == 25
    assert text(browser, "#found") == f"{MANY} of {MANY} regions"
    click(browser, "#last")
    assert rows(browser)[-1] == str(MANY)
    search(browser, "#1000")
    assert rows(browser) == ["1000"]
    search(browser, "")
    click(browser, "#regions-table button[data-key=map]")
    click(browser, "#next")
    assert text(browser, "#place") == f"page 2 of {-(-MANY // 25)}"
    assert time.monotonic() - start < 20


def test_the_keyboard_reaches_everything(opened: Window) -> None:
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415 - an extra

    browser = opened("plane")
    picture = browser.find_element("id", "picture")
    picture.send_keys(Keys.ARROW_RIGHT)
    assert text(browser, "#panel-heading").startswith("Region 1 of")
    picture.send_keys(Keys.ARROW_RIGHT)
    assert text(browser, "#panel-heading").startswith("Region 2 of")
    picture.send_keys(Keys.ARROW_LEFT)
    assert text(browser, "#panel-heading").startswith("Region 1 of")
    browser.find_element("css selector", "#rows tr:nth-child(4) button").send_keys(Keys.ENTER)
    assert text(browser, "#panel-heading").startswith("Region 4 of")
    unnamed = """return [...document.querySelectorAll('button, input, select')].filter(
        (e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length"""
    assert js(browser, unnamed) == 0


def test_exact_numbers_on_request(opened: Window, pages: dict[str, Path]) -> None:
    browser, data = opened("plane"), regions_of(pages["plane"].read_bytes())["regions"]
    click(browser, "#rows tr:nth-child(2) button")
    assert text(browser, "#importance").count("~") > 0
    click(browser, "#exact")
    assert text(browser, "#importance").count("~") == 0
    assert data[1]["map"][0][0] in text(browser, "#chosen")
    assert data[1]["map"][0][0] in text(browser, "#rows tr:nth-child(2) td:last-child")
    click(browser, "#exact")
    assert text(browser, "#importance").count("~") > 0


def test_colours_and_the_decision_boundary(opened: Window) -> None:
    browser = opened("plane")
    shown = "return getComputedStyle(document.querySelector(arguments[0])).display"
    assert js(browser, shown, ".picture .decision") == "none"
    click(browser, "#decision")
    assert js(browser, shown, ".picture .decision") == "inline"
    fill = "return getComputedStyle(document.querySelector('.areas [data-region=\"1\"]')).fill"
    before = js(browser, fill)
    js(
        browser,
        "const e = document.getElementById('colour'); e.value = 'value-1'; e.dispatchEvent(new Event('change'))",
    )
    assert js(browser, fill) != before
    assert "rounded" in text(browser, "#scale")
    js(browser, "const e = document.getElementById('colour'); e.value = 'class'; e.dispatchEvent(new Event('change'))")
    assert js(browser, shown, ".picture .classes") == "inline"
    assert js(browser, "return !document.getElementById('legend').hidden")
    click_area(browser, 1)
    assert text(browser, "#panel-heading").startswith("Region 1 of")


def test_zoom(opened: Window) -> None:
    browser = opened("unbounded")
    click(browser, "#whole")
    whole, ends = js(browser, "return picture.getAttribute('viewBox')"), text(browser, "#axis-across")
    click(browser, "#closer")
    left, _, width, _ = map(float, js(browser, "return picture.getAttribute('viewBox')").split())
    assert (left, width) == (250, 500)
    assert text(browser, "#axis-across") != ends
    click(browser, "#whole")
    assert js(browser, "return picture.getAttribute('viewBox')") == whole
    assert text(browser, "#axis-across") == ends
    click(browser, "#rows tr:nth-child(1) button")
    click(browser, "#nearby")
    assert js(browser, "return document.querySelector('.areas [data-region=\"1\"]').getBBox().width") > 0


def test_the_certificate_can_be_saved_and_checked(opened: Window) -> None:
    browser = opened("plane")
    click(browser, "#save")
    saved = browser.saved / "network.cert.jsonl.gz"
    wait(saved.is_file)
    with saved.open("rb") as file:
        verdict = checker.check_lines(checker.lines_of(checker.chunks_of(file)))
    assert str(verdict) == text(browser, ".claim")


def test_hostile_names_stay_text(opened: Window) -> None:
    browser = opened("hostile", fragment="#region-1")
    assert text(browser, "h1") == HOSTILE
    assert HOSTILE in text(browser, "#chosen")
    assert js(browser, "return document.images.length") == 0
    assert browser.title.startswith(HOSTILE)


def test_many_inputs_show_volumes_instead(opened: Window) -> None:
    browser = opened("space")
    assert "do not fit into a flat picture" in text(browser, ".instead")
    click(browser, "#rows tr:nth-child(1) button")
    assert text(browser, "#panel-heading").startswith("Region 1 of")
    largest = text(browser, ".instead a")
    click(browser, ".instead a")
    wait(lambda: text(browser, "#panel-heading").startswith(f"Region {largest} of"))


CONTRAST = """
    const luminance = (colour) => {
      const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let e = element; e; e = e.parentElement) {
        const colour = getComputedStyle(e).backgroundColor;
        if (!/, 0\\)$/.test(colour)) return colour;
      }
      return 'rgb(255, 255, 255)';
    };
    return [...document.querySelectorAll(arguments[0])].map((element) => {
      const of = [getComputedStyle(element).color, behind(element)].map(luminance).sort((a, b) => b - a);
      return (of[0] + 0.05) / (of[1] + 0.05);
    });
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out(opened: Window, scheme: str) -> None:
    browser = opened("plane", scheme, fragment="#region-2")
    words = "h1, h2, p, a, td, th, dt, dd, code, label, button:not(:disabled), .hint, .whence, .verdict, #rows tr, .bar"
    assert min(js(browser, CONTRAST, words)) > 4.5
    page = js(browser, "return getComputedStyle(document.body).backgroundColor")
    assert (page == "rgb(255, 255, 255)") == (scheme == "light")


@pytest.mark.parametrize("name", ["plane", "line", "space", "many", "hostile"])
@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_sticks_out(opened: Window, name: str, width: int) -> None:
    browser = opened(name, width=width, fragment="#region-1")
    assert js(browser, "return document.documentElement.scrollWidth") <= width
    picture = "const p = document.getElementById('picture'); return p ? p.getBoundingClientRect().width : null"
    shown = js(browser, picture)
    assert shown is None or shown > width / 2.5


# ------------------------------------------------------------------------------------------- Verifications


def test_leaves_are_searched_sorted_and_turned(opened: Window) -> None:
    browser = opened("holds")
    assert text(browser, "#found") == "260 of 260 nodes"
    assert text(browser, "#place") == "page 1 of 11"
    click(browser, "#last")
    assert js(browser, "return document.querySelectorAll('#leaves tr').length") == 10
    search(browser, "#17")
    wait(lambda: text(browser, "#found") == "1 of 260 nodes")
    assert text(browser, "#leaves th") == "17"
    search(browser, "")
    wait(lambda: text(browser, "#found") == "260 of 260 nodes")
    for sign in (1, -1):
        click(browser, "#leaves-table [data-key=depth]")
        script = "return [...document.querySelectorAll('#leaves tr')].map((row) => Number(row.children[2].textContent))"
        depths = js(browser, script)
        assert depths == sorted(depths, reverse=sign < 0)


def test_a_counterexample_is_shown_exactly_on_demand(opened: Window) -> None:
    browser = opened("violated")
    shown = text(browser, "#counterexample data")
    click(browser, "#exact")
    assert text(browser, "#counterexample data") != shown
    assert text(browser, "#counterexample data") == js(
        browser, "return document.querySelector('#counterexample data').value"
    )
