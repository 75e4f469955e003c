// Every table can be sorted; one with tools can be searched, turned over, copied and saved too.
// All rows are in memory, one page of them is in the document: a hand's breadth of 5,000 rows.
const A_PAGE = 60;
const SEVERITY = "■▲⬢▼◇○●▤–"; // signs of lights, the worst first
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
const shownTables = [];

const amountOf = (text) => {
  const found = text.replace(/[−–]/g, "-").replace(/[,，\s]/g, "").match(/-?\d+(\.\d+)?/);
  return found ? Number(found[0]) : NaN;
};

const byColumn = (at, isNumber) => (one, other) => {
  const [left, right] = [one.cells[at], other.cells[at]];
  if (isNumber) return amountOf(left) - amountOf(right);
  const [sign, against] = [SEVERITY.indexOf(left[0]), SEVERITY.indexOf(right[0])];
  return left[1] === " " && sign >= 0 && against >= 0 ? sign - against : collator.compare(left, right);
};

// What a sign of a light is called; nothing in a table without lights.
const lightOf = (grid, sign) =>
  (grid.dataset.lights ?? "").split(" ").find((told) => told[0] === sign)?.slice(1);

const lineOf = (row, heads) => {
  if (row.line) return row.line;
  row.line = document.createElement("tr");
  row.cells.forEach((text, at) => {
    const isHead = heads[at].dataset.heads;
    const cell = make(isHead ? "th" : "td", "", { class: heads[at].className });
    if (isHead) cell.scope = "row";
    const light = text[1] === " " && lightOf(heads[at].closest("table"), text[0]);
    if (light) {
      cell.append(make("span", text[0], { class: "fw-sign", "data-light": light, "aria-hidden": "true" }));
      cell.append(text.slice(1));
    } else cell.textContent = text;
    row.line.append(cell);
  });
  return row.line;
};

class ShownTable {
  constructor(grid) {
    this.grid = grid;
    this.body = grid.tBodies[0];
    this.heads = [...grid.tHead.rows[0].cells];
    this.frame = grid.closest(".fw-table");
    this.tools = this.frame?.querySelector(".fw-tools");
    this.rows = [...this.body.rows].map((line) => ({ line, cells: [...line.cells].map(plain) }));
    this.still = this.rows.map((row) => row.line);
    this.wanted = "";
    this.fits = null; // what the filter of the page asks for
    this.first = 0;
    this.sorted = null;
    if (this.rows.length > 1) this.heads.forEach((head, at) => this.makeSortable(head, at));
    if (this.tools) this.useTools();
    shownTables.push(this);
  }

  makeSortable(head, at) {
    const button = make("button", "", { type: "button", class: "fw-sort" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = this.sorted?.at === at ? !this.sorted.down : head.classList.contains("fw-right");
      this.heads.forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      this.sorted = { at, down };
      this.show(0);
    });
  }

  async useTools() {
    const search = this.tools.querySelector("input");
    const act = { copy: () => this.copy(), csv: () => this.saveCsv(), back: () => this.turn(-1), on: () => this.turn(1) };
    this.tools.querySelectorAll("button").forEach((one) => one.addEventListener("click", act[one.dataset.do]));
    search.addEventListener("input", () => {
      this.wanted = search.value.trim().toLowerCase();
      this.show(0);
    });
    const rest = this.frame.querySelector(".fw-more-rows");
    if (rest) {
      const more = await unpacked(rest);
      this.rows.push(...more.map((cells) => ({ cells })));
      rest.nextElementSibling?.remove(); // says how many more rows there are
    }
    search.hidden = this.rows.length < 16;
    this.tools.hidden = false;
    this.show(0);
  }

  chosen() {
    const words = this.wanted.split(/\s+/).filter(Boolean);
    const has = (row) => {
      row.text ??= row.cells.join(" ").toLowerCase();
      return words.every((word) => row.text.includes(word));
    };
    const kept = this.rows.filter((row) => (!this.fits || this.fits(row)) && (!words.length || has(row)));
    if (!this.sorted) return kept;
    const { at, down } = this.sorted;
    const isNumber = this.heads[at].classList.contains("fw-right");
    const known = (row) => !isNumber || !Number.isNaN(amountOf(row.cells[at]));
    const order = byColumn(at, isNumber);
    const told = kept.filter(known).sort((one, other) => (down ? order(other, one) : order(one, other)));
    return [...told, ...kept.filter((row) => !known(row))]; // what is not known stands last
  }

  show(first = this.first) {
    const kept = this.chosen();
    this.first = first < kept.length ? Math.max(0, first) : 0;
    const page = this.tools ? kept.slice(this.first, this.first + A_PAGE) : kept;
    const lines = page.map((row) => lineOf(row, this.heads));
    const there = new Set(lines);
    lines.forEach((line) => (line.hidden = false));
    const away = this.still.filter((line) => !there.has(line));
    away.forEach((line) => (line.hidden = true));
    this.body.replaceChildren(...lines, ...away);
    if (linkNames) linkNames(this.body);
    if (!this.tools) return;
    const { shown, page: pages } = this.tools.dataset;
    const fill = (words, told) => words.replace(/\{(\w+)\}/g, (_, name) => told[name]);
    const narrowed = kept.length < this.rows.length || this.wanted || this.fits;
    this.frame.querySelector(".fw-cut").textContent = narrowed
      ? fill(shown, { n: kept.length, all: this.rows.length })
      : "";
    const pager = this.tools.querySelector(".fw-pager");
    pager.hidden = kept.length <= A_PAGE;
    const last = Math.min(this.first + A_PAGE, kept.length);
    pager.querySelector("output").textContent = fill(pages, { first: this.first + 1, last, all: kept.length });
    const [back, on] = pager.querySelectorAll("button");
    back.disabled = this.first === 0;
    on.disabled = last === kept.length;
  }

  turn(pages) {
    this.show(this.first + pages * A_PAGE);
    this.grid.closest(".fw-scroll").scrollTop = 0;
  }

  copy() {
    const lines = [this.heads.map(plain), ...this.chosen().map((row) => row.cells)];
    const isDone = copied(lines.map((cells) => cells.map((cell) => cell.replace(/[\t\n]/g, " ")).join("\t")).join("\n"));
    this.tools.querySelector(".fw-copied").textContent = isDone ? this.tools.dataset.copied : "";
  }

  saveCsv() {
    const lines = [this.heads.map(plain), ...this.chosen().map((row) => row.cells)];
    const name = `${plain(this.frame.querySelector(".fw-title"))}.csv`;
    save(name, new Blob([csvOf(lines)], { type: "text/csv" }));
  }
}

// Names of projects lead to their cards; cards.js says how, where a page has cards.
let linkNames = null;
document.querySelectorAll(".fw-grid").forEach((grid) => new ShownTable(grid));

// Tables that name projects follow the choices of the bar; the choices are their own words.
const follow = (bar) => {
  const { facets, projects } = JSON.parse(bar.querySelector(".fw-index").textContent);
  const known = new Map(projects.map(([name, ...facts]) => [name, facts]));
  const choices = [...bar.querySelectorAll("select")];
  const tables = shownTables.flatMap((table) => {
    const at = table.frame?.dataset.columns.split(" ").indexOf("name") ?? -1;
    return at < 0 ? [] : [{ table, at }];
  });
  const apply = () => {
    const made = choices.filter((choice) => choice.value !== "");
    const wanted = made.map(({ name, value }) => [facets.indexOf(name), Number(value)]);
    tables.forEach(({ table, at }) => {
      const fits = (row) => {
        const facts = known.get(row.cells[at]);
        return wanted.every(([facet, value]) => facts?.[facet].includes(value));
      };
      table.fits = wanted.length ? fits : null;
      table.show(0);
    });
    bar.querySelector(".fw-filtered").textContent = made
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
