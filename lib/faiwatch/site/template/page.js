// The page around the blocks. Runs after the page is read: nothing here is needed to read it.
const stale = document.querySelector(".stale");
if (stale && Date.now() > Date.parse(stale.dataset.after)) stale.hidden = false;

// Paper has no buttons: what is folded is printed open. The style does it for origins, of
// which only one can be open at a time; code, long data tables, the fingerprints of the run and
// those sections of the annex that a reader left folded stay on the screen.
const folded = "details:not([open], .annex, .code, .fw-data, .fw-origin, .foot *)";
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(folded)];
  opened.forEach((details) => (details.open = true));
});
addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));

// One button opens the whole annex; it is made here, for without scripts it would do nothing.
const opensAll = (head) => {
  const sections = [...document.querySelectorAll(".annex")];
  const button = document.createElement("button");
  const tell = () => {
    const { open, close } = head.dataset;
    button.textContent = sections.every((section) => section.open) ? close : open;
  };
  button.type = "button";
  button.addEventListener("click", () => {
    const open = !sections.every((section) => section.open);
    sections.forEach((section) => (section.open = open));
  });
  sections.forEach((section) => section.addEventListener("toggle", tell));
  tell();
  head.append(button);
};
document.querySelectorAll(".fw-annex").forEach(opensAll);

// A number links to its card; where popovers are known the card opens beside the number, and
// for a pointer that only hovers too. A click keeps a card that hovering opened.
const opening = (number) => {
  const card = document.querySelector(number.hash);
  let leaving = 0;
  const stay = () => clearTimeout(leaving);
  const leave = () => {
    stay();
    if (card.dataset.hover) leaving = setTimeout(() => card.hidePopover(), 200);
  };
  const open = () => card.matches(":popover-open") || card.showPopover({ source: number });
  number.addEventListener("click", (event) => {
    event.preventDefault();
    delete card.dataset.hover;
    open();
  });
  number.addEventListener("pointerenter", (event) => {
    stay();
    if (event.pointerType !== "mouse" || document.querySelector(".fw-card:popover-open")) return;
    card.dataset.hover = "1";
    open();
  });
  number.addEventListener("pointerleave", leave);
  card.addEventListener("pointerenter", stay);
  card.addEventListener("pointerleave", leave);
  card.querySelector(".fw-close").addEventListener("click", (event) => {
    event.preventDefault();
    card.hidePopover();
  });
};
if ("showPopover" in HTMLElement.prototype) document.querySelectorAll(".fw-slot").forEach(opening);

// The text of a document is there to be copied whole.
const copying = (button) => {
  const field = document.getElementById(button.dataset.copies);
  const told = button.parentElement.querySelector(".fw-copied");
  button.hidden = false;
  button.addEventListener("click", () => {
    told.textContent = copied(field.value) ? told.dataset.words : "";
  });
};
document.querySelectorAll(".fw-copy").forEach(copying);
