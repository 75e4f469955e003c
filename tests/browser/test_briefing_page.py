"""A reader of the briefing finds where a number comes from: by pointer, touch, keyboard."""

import json

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
OPEN = ".fw-card:popover-open"
# What each number's card tells once it is clicked, where the pointer would meet the number.
CARDS = """(open) => {
  const told = {};
  for (const number of document.querySelectorAll(".fw-slot")) {
    const id = number.hash.replace("#from-", "");
    if (id in told) continue;
    number.scrollIntoView({ block: "center", behavior: "instant" });
    const [{ x, y, width, height }] = number.getClientRects();
    document.elementFromPoint(x + width / 2, y + height / 2).click();
    const card = document.querySelector(open);
    told[id] = card?.innerText ?? "no card";
    card?.hidePopover();
  }
  return told;
}"""


@pytest.fixture(scope="session", params=["zh", "en"])
def briefing(request, built_site):
    """Return page and slots of the made-up district's briefing in one language."""
    pattern = f"runs/*-08_briefing-990101-{request.param}-*/results/slots.json"
    slots = json.loads(sorted(built_site.glob(pattern))[-1].read_text("utf-8"))["slots"]
    page = built_site / f"{request.param}/990101/08_briefing.html"
    return page, {slot["id"]: slot for slot in slots}


@pytest.fixture(scope="session")
def in_chinese(built_site):
    """Return that page in one language, for what pointer and keys do: one script serves both."""
    return built_site / "zh/990101/08_briefing.html"


def test_the_source_row_of_any_number_is_one_click_away(opened, briefing):
    path, slots = briefing
    with opened(path) as page:
        page.locator(".fw-follows > summary").click()
        cards = page.evaluate(CARDS, OPEN)
        for id, told in cards.items():
            slot = slots[id]
            assert slot["definition"] in told
            for row in slot["inputs"][:3]:
                assert row["file"] in told
                assert (row["cell"] or f"{row['row']}") in told, slot["id"]
                assert row["issued"] in told
        assert len(cards) >= 40
        assert page.troubles == []


def test_the_pointer_that_hovers_sees_the_card_and_leaves_it(opened, in_chinese):
    with opened(in_chinese) as page:
        number = page.locator(".fw-slot").first
        number.hover()
        expect(page.locator(OPEN)).to_have_count(1)
        page.mouse.move(2, 2)
        expect(page.locator(OPEN)).to_have_count(0)
        number.hover()
        number.click()
        page.mouse.move(2, 2)
        page.wait_for_timeout(400)  # longer than a card that hovering opened would stay
        expect(page.locator(OPEN)).to_have_count(1)
        page.locator(f"{OPEN} .fw-close").click()
        expect(page.locator(OPEN)).to_have_count(0)


def test_keys_open_and_close_a_card_and_keep_their_place(opened, in_chinese):
    with opened(in_chinese) as page:
        number = page.locator(".fw-slot").nth(2)
        number.focus()
        page.keyboard.press("Enter")
        expect(page.locator(OPEN)).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(OPEN)).to_have_count(0)
        assert number.evaluate("(e) => e === document.activeElement")
        assert number.evaluate("(e) => getComputedStyle(e).outlineStyle") != "none"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_finger_opens_a_card_that_fits_the_telephone(opened, briefing, scripts):
    with opened(briefing[0], viewport=PHONE, has_touch=True, java_script_enabled=scripts) as page:
        number = page.locator(".fw-slot").nth(4)
        number.tap()
        card = page.locator(number.get_attribute("href"))
        expect(card).to_be_visible()
        box = card.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] + box["height"] <= PHONE["height"] + 1
        card.locator(".fw-close").tap()
        expect(card).not_to_be_visible()


def test_the_copied_text_is_that_of_the_file(opened, briefing, built_site):
    path, _ = briefing
    with opened(path) as page:
        page.locator(".fw-copy").click()
        expect(page.locator(".fw-copied")).not_to_be_empty()
        page.evaluate("document.body.append(document.createElement('textarea'))")
        page.locator("textarea").last.focus()
        page.keyboard.press("Control+V")
        pasted = page.locator("textarea").last.input_value()
    lang = path.parts[-3]
    (*_, file) = sorted(built_site.glob(f"runs/*-08_briefing-990101-{lang}-*/results/briefing.txt"))
    assert pasted.splitlines() == file.read_text("utf-8-sig").splitlines()


def test_the_word_document_can_be_saved_from_the_page(opened, briefing, tmp_path):
    with opened(briefing[0]) as page:
        with page.expect_download() as waiting:
            page.locator(".fw-file-link").first.click()
        assert waiting.value.suggested_filename.endswith(".docx")
        waiting.value.save_as(tmp_path / "a.docx")
        assert (tmp_path / "a.docx").read_bytes().startswith(b"PK")


def test_text_with_numbers_is_selected_whole(opened, briefing):
    with opened(briefing[0]) as page:
        select = "(e) => { getSelection().selectAllChildren(e); return getSelection().toString(); }"
        sentence = page.locator("#say-level")
        assert "196.5" in sentence.evaluate(select)


def test_the_first_page_stands_there_and_the_others_unfold_by_keys_and_by_links(opened, briefing):
    with opened(briefing[0]) as page:
        follows = page.locator(".fw-follows")
        folded = follows.locator("[id^=say-]").last
        assert page.locator(".fw-briefing [id^=say-]").first.is_visible()
        assert not folded.is_visible()
        headings = follows.locator("> h3").all_inner_texts()
        assert len(headings) >= 2
        assert all(one in follows.locator("summary").first.inner_text() for one in headings)
        follows.locator("summary").first.focus()
        page.keyboard.press("Enter")
        expect(folded).to_be_visible()
        page.keyboard.press("Enter")
        expect(folded).to_be_hidden()
        page.evaluate("(id) => (location.hash = id)", folded.get_attribute("id"))
        expect(folded).to_be_visible()


def test_paper_has_the_whole_text_with_notes_and_no_buttons(opened, briefing):
    with opened(briefing[0], open_annex=True) as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")  # as printing does
        page.emulate_media(media="print")
        assert page.locator(".fw-briefing [id^=say-]").last.is_visible()
        assert page.locator(".fw-card").first.is_visible()
        assert page.locator(".fw-card").last.is_visible()
        assert page.locator(".fw-briefing .fw-ref").first.is_visible()
        for screen_only in (".fw-files", ".fw-close"):
            assert not page.locator(screen_only).first.is_visible(), screen_only
