"use strict";
// The table of the index: found, sorted, and drawn only where it is seen. Every word and key was
// made by the program and stands above, once for both languages; names stand in site.js. Without
// this script the table, or a page for each region above, stands there.
(() => {
  if (!document.getElementById("overview") || typeof faiwatchSite === "undefined") return;
  const ROW = 24; // pixels, as in the style
  const AROUND = 20; // rows drawn above and below what is seen
  const WHOLE = 500; // rows drawn at once, so that the browser itself can search them
  const main = document.querySelector("main.index");
  const table = document.getElementById("overview");
  const body = table.tBodies[0];
  const form = document.querySelector("form.find");
  const told = form.querySelector("output");
  const names = [...form.elements.light.options].slice(1).map((one) => one.text.split(/ (.*)/s));
  const ids = ["negative", "likely", "positive", "missing"];
  const today = Date.now();
  const { words, pages, cells, growths, rows: shared, only, called } = faiwatchRows;
  const { lang } = main.dataset;
  const at = lang === "zh" ? 0 : 1;
  const word = (place) => words[place][at] ?? words[place][0];
  // as the program sorts them: made-up ones last, then the light, then growth
  const severity = (one, two) =>
    one.madeUp - two.madeUp ||
    one.light - two.light ||
    (one.growth ?? 1e9) - (two.growth ?? 1e9) ||
    (one.code < two.code ? -1 : 1);
  const rows = [...shared, ...only[lang]].map((told) => {
    const [region, light, madeUp, heights, line, parent, page, ...places] = told;
    const [code, zh, en, initials] = faiwatchSite.regions[region];
    const [file, month, made, failed] = pages[page];
    const figures = places.map((place) => cells[place][0]);
    return {
      code,
      light,
      madeUp,
      heights,
      name: at ? en : zh,
      called: called[lang][code] ?? (at ? en : zh), // beside the tag
      searched: `${code} ${zh} ${en} ${initials}`.toLowerCase(),
      month,
      made,
      failed,
      address: file && `${lang}/${code}/${file}`,
      parent: word(parent),
      texts: places.map((place) => cells[place][1 + at] ?? cells[place][1]),
      figures,
      growth: figures.slice(0, growths).find((one) => one !== null) ?? null,
      lineWords: word(line),
    };
  });
  rows.sort(severity).forEach((row, place) => {
    // keys in the order of the columns: the light by severity
    row.keys = [place, row.name, ...row.figures, row.growth, row.month || null, row.made || null];
  });

  const cell = (tag, ...parts) => {
    const made = document.createElement(tag);
    made.append(...parts);
    return made;
  };
  const classed = (made, name) => Object.assign(made, { className: name });
  const drawing = (row) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const set = { class: "line", role: "img", "aria-label": row.lineWords, viewBox: "0 0 84 18" };
    Object.entries(set).forEach(([name, value]) => svg.setAttribute(name, value));
    const heights = [...row.heights].map((one) => parseInt(one, 36) + 1); // NaN = a gap
    const zero = heights.pop();
    let path = "";
    let joined = false;
    heights.forEach((height, at) => {
      if (height) path += `${joined ? "L" : "M"}${Math.round((at * 84) / 23)} ${height}`;
      joined = Boolean(height) || (joined && row.heights[at] === "~");
    });
    [`M0 ${zero}H84`, path].forEach((drawn, at) => {
      const path = document.createElementNS(space, "path");
      if (!at) path.setAttribute("class", "zero");
      path.setAttribute("d", drawn);
      svg.append(path);
    });
    return svg;
  };
  const element = (row) => {
    if (row.element) return row.element;
    const [sign, word] = names[row.light];
    const light = classed(cell("span", sign), "");
    light.setAttribute("aria-hidden", "true");
    const name = cell("th", row.called);
    name.scope = "row";
    if (row.address) {
      const link = cell("a", row.called);
      link.href = row.address;
      name.replaceChildren(link);
    }
    name.title = row.name;
    if (row.madeUp) name.prepend(classed(cell("span", main.dataset.tag), "tag"));
    const made = cell("td");
    if (row.failed) {
      const bad = classed(cell("span", "✕"), "bad");
      bad.title = `${main.dataset.bad} ${row.failed}`;
      made.append(bad, " ");
    }
    if (row.made) {
      const days = Math.max(0, Math.floor((today - Date.parse(row.made)) / 86400000));
      const age = cell("time", main.dataset.old.replace("{n}", days));
      age.dateTime = age.title = row.made;
      made.append(age);
    }
    row.element = cell(
      "tr",
      classed(cell("td", light, " ", classed(cell("span", word), "word")), `light ${ids[row.light]}`),
      name,
      ...row.texts.map((text) => cell("td", text)),
      cell("td", row.heights ? drawing(row) : ""),
      cell("td", row.month),
      made,
    );
    return row.element;
  };

  let shown = rows;
  const gap = (height) => {
    const made = classed(cell("tr"), "gap");
    made.style.height = `${height}px`;
    made.setAttribute("aria-hidden", "true");
    return made;
  };
  let drawn = "";
  const draw = () => {
    let [first, last] = [0, shown.length];
    if (shown.length > WHOLE) {
      const above = -body.getBoundingClientRect().top;
      first = Math.max(0, Math.min(Math.floor(above / ROW) - AROUND, shown.length - 1));
      last = Math.min(shown.length, first + Math.ceil(innerHeight / ROW) + 2 * AROUND);
    }
    const wanted = `${first} ${last}`;
    if (wanted === drawn) return;
    drawn = wanted;
    const seen = shown.slice(first, last).map(element);
    seen.forEach((one, at) => one.setAttribute("aria-rowindex", first + at + 2));
    if (first) seen.unshift(gap(first * ROW));
    if (last < shown.length) seen.push(gap((shown.length - last) * ROW));
    body.replaceChildren(...seen);
  };

  // --- sorting: by a click on the name of a column, once more the other way
  const heads = [...table.tHead.rows[0].cells];
  let by = 0;
  let way = 1;
  const sorted = (list) =>
    list.sort((one, two) => {
      const [a, b] = [one.keys[by], two.keys[by]];
      if (a === null || b === null) return (a === null) - (b === null) || one.keys[0] - two.keys[0];
      const order = typeof a === "string" ? a.localeCompare(b, lang) : a - b;
      return way * order || one.keys[0] - two.keys[0];
    });
  const apply = () => {
    const asked = form.elements.words.value.trim().toLowerCase();
    const { parent, light } = form.elements;
    shown = sorted(
      rows.filter(
        (row) =>
          row.searched.includes(asked) &&
          (!parent?.value || row.parent === parent.value || row.code === parent.value) &&
          (!light.value || row.light === Number(light.value)),
      ),
    );
    const words = main.dataset.shown.replace("{n}", shown.length).replace("{all}", rows.length);
    told.textContent = shown.length < rows.length ? words : "";
    table.setAttribute("aria-rowcount", shown.length + 1);
    drawn = "";
    draw();
  };
  heads.forEach((head, at) => {
    const button = cell("button", head.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      // the worst first: low growth, long spells, high chances; words from A on
      const down = /negative|chance|above|until|made/.test(head.dataset.column);
      way = by === at ? -way : down ? -1 : 1;
      by = at;
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      apply();
    });
    head.replaceChildren(button);
  });
  heads[0].setAttribute("aria-sort", "ascending");
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("scroll", draw, { passive: true });
  addEventListener("resize", draw);
  addEventListener("beforeprint", () => body.replaceChildren(...shown.map(element)));
  addEventListener("afterprint", () => ((drawn = ""), draw()));
  document.querySelector(".groups")?.remove();
  table.closest(".box").hidden = false;
  form.hidden = false;
  addEventListener("pageshow", apply); // a browser may remember what was chosen
  apply();
})();
