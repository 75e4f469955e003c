"use strict";
// Runs after the page is read: nothing here is needed to read it.
(() => {
  const stale = document.querySelector(".stale");
  if (stale && Date.now() > Date.parse(stale.dataset.after)) stale.hidden = false;

  // Paper has no buttons: what is folded is printed open. The style does it for origins, of
  // which only one can be open at a time; code, long data tables and those sections of the annex
  // that a reader left folded stay on the screen.
  const folded = "details:not([open], .annex, .code, .fw-data, .fw-origin)";
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

  // Tables that name projects follow the choices of the bar; the choices are their own words.
  const plainName = (cell) => cell.textContent.trim().replace(/\s+/g, " ");
  const follow = (bar) => {
    const { facets, projects } = JSON.parse(bar.querySelector(".fw-index").textContent);
    const known = new Map(projects.map(([name, ...facts]) => [name, facts]));
    const choices = [...bar.querySelectorAll("select")];
    const tables = [...document.querySelectorAll(".fw-table")].flatMap((table) => {
      const at = table.dataset.columns.split(" ").indexOf("name");
      if (at < 0) return [];
      const told = document.createElement("p");
      told.className = "fw-cut";
      table.querySelector(".fw-title").after(told);
      const rows = [...table.querySelectorAll("tbody tr")];
      return [{ told, rows: rows.map((row) => [row, known.get(plainName(row.cells[at]))]) }];
    });
    const apply = () => {
      const wanted = choices.filter((choice) => choice.value !== "");
      const fits = (facts) =>
        wanted.every(({ name, value }) => facts?.[facets.indexOf(name)].includes(Number(value)));
      tables.forEach(({ told, rows }) => {
        rows.forEach(([row, facts]) => (row.hidden = !fits(facts)));
        const shown = rows.filter(([row]) => !row.hidden).length;
        const words = bar.dataset.shown.replace("{n}", shown).replace("{all}", rows.length);
        told.textContent = wanted.length ? words : "";
      });
      bar.querySelector(".fw-filtered").textContent = wanted
        .map((one) => `${one.labels[0].textContent} ${one.selectedOptions[0].text}`)
        .join(" · ");
    };
    bar.addEventListener("change", apply);
    bar.addEventListener("submit", (event) => event.preventDefault());
    bar.addEventListener("reset", () => setTimeout(apply));
    addEventListener("pageshow", apply); // a browser may remember what was chosen
    bar.hidden = false;
  };
  document.querySelectorAll(".fw-filter").forEach(follow);

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

  // A page opened over plain http has no clipboard of its own; the older way works there too.
  const copying = (button) => {
    const field = document.getElementById(button.dataset.copies);
    const told = button.parentElement.querySelector(".fw-copied");
    button.hidden = false;
    button.addEventListener("click", () => {
      const fold = field.closest("details");
      const wasOpen = fold.open;
      fold.open = true;
      field.select();
      told.textContent = document.execCommand("copy") ? told.dataset.words : "";
      fold.open = wasOpen;
      button.focus();
    });
  };
  document.querySelectorAll(".fw-copy").forEach(copying);

  const options = {
    mode: "vega-lite",
    ast: true, // expressions are interpreted, so the page needs no right to evaluate code
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };
  // A chart with sliders says in words what they lead to; moving one says it again.
  const tell = (live, view, signal) => {
    const said = document.createElement("output");
    said.className = "fw-said";
    said.textContent = view.signal(signal);
    live.querySelector(".vega-bindings").append(said);
    view.addSignalListener(signal, (_, words) => (said.textContent = words));
  };
  const upgrade = async (figure) => {
    const still = figure.querySelector(".fw-static");
    const live = figure.querySelector(".fw-live");
    try {
      const spec = JSON.parse(figure.querySelector(".vega-spec").textContent);
      live.hidden = false;
      const { view } = await window.vegaEmbed(live, spec, options);
      if (spec.usermeta.says) tell(live, view, spec.usermeta.says);
      still.hidden = true;
      figure.dataset.chart = "live";
    } catch {
      live.replaceChildren(); // the picture says the same
      live.hidden = true;
    }
  };
  // A chart in a folded section has no width yet: it waits until the section is opened.
  const upgradeWhenSeen = (figure) => {
    const fold = figure.closest("details:not([open])");
    if (!fold) upgrade(figure);
    else fold.addEventListener("toggle", () => upgradeWhenSeen(figure), { once: true });
  };
  if (window.vegaEmbed) document.querySelectorAll(".fw-figure").forEach(upgradeWhenSeen);
})();
