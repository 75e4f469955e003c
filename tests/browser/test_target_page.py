"""The sliders of the target page work in a browser with the network off."""

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
SLIDERS = ".vega-bind input[type=range]"


@pytest.fixture(scope="session", params=["zh", "en"])
def target_page(request, built_site):
    """Return the target page of the nation in one language."""
    return built_site / f"{request.param}/000000/05_target.html"


def december(page):
    """Return the words beside the last point of the chart."""
    return page.locator(".fw-figure[id*=scenario] .fw-live .role-mark text").last


def test_moving_a_slider_changes_chart_and_sentence(opened, target_page):
    with opened(target_page) as page:
        rest = page.locator(SLIDERS).first
        said = page.locator(".fw-said")
        before, drawn = said.inner_text(), december(page).text_content()
        rest.fill(rest.get_attribute("max"))
        expect(said).not_to_have_text(before)
        expect(december(page)).not_to_have_text(drawn)
        assert december(page).text_content() in said.inner_text()
        assert page.troubles == []


@pytest.mark.parametrize(
    ("end", "zh", "en"), [("max", "达不到", "missed"), ("min", "达到", "reached")]
)
def test_the_verdict_of_the_sliders_follows_the_target(opened, target_page, end, zh, en):
    with opened(target_page) as page:
        aim = page.locator(SLIDERS).nth(1)
        aim.fill(aim.get_attribute(end))
        words = f"：{zh}目标" if "/zh/" in str(target_page) else f" {en} "
        expect(page.locator(".fw-said")).to_contain_text(words)


def test_sliders_are_moved_by_keys_and_named_for_screen_readers(opened, target_page):
    with opened(target_page) as page:
        name = "其余月份" if "/zh/" in str(target_page) else "Growth of the rest"
        slider = page.get_by_role("slider", name=name)
        slider.focus()
        before = float(slider.input_value())
        page.keyboard.press("ArrowRight")
        assert float(slider.input_value()) == pytest.approx(before + 0.1)
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) != "none"
        shown = f"{before + 0.1:.1f}".replace("-", "\N{MINUS SIGN}")
        expect(page.locator(".vega-bind-name ~ span").first).to_have_text(shown)
        expect(page.locator(".fw-said")).to_contain_text(shown)


def test_sliders_fit_a_finger_on_a_telephone(opened, target_page):
    with opened(target_page, viewport=PHONE) as page:
        for slider in page.locator(SLIDERS).all():
            box = slider.bounding_box()
            assert box["height"] >= 24
            assert 250 <= box["width"] <= PHONE["width"]


def test_paper_shows_the_picture_and_no_sliders(opened, target_page):
    with opened(target_page) as page:
        page.emulate_media(media="print")
        figure = page.locator(".fw-figure[id*=scenario]")
        assert figure.locator(".fw-static svg").is_visible()
        assert not figure.locator(SLIDERS).first.is_visible()
