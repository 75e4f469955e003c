// The card of a project: #project-CODE opens it, Escape closes it, every name of it leads there.
const CARD = "#project-";

const cardTable = (heads, rows) => {
  const table = make("table", "", { class: "fw-grid" });
  const line = make("tr");
  heads.forEach((head) => line.append(make("th", head, { scope: "col" })));
  const head = make("thead");
  head.append(line);
  const body = make("tbody");
  rows.forEach((cells) => {
    const row = make("tr");
    cells.forEach((cell, at) => row.append(make(at ? "td" : "th", cell, at ? {} : { scope: "row" })));
    body.append(row);
  });
  table.append(head, body);
  return table;
};

// Plan as steps, what was done as bars: nothing but rectangles and a line.
const paceChart = (rows, words) => {
  const values = rows.map(([month, plan, done]) => [month, amountOf(plan), amountOf(done)]);
  const most = Math.max(...values.flatMap(([, plan, done]) => [plan, done]).filter(Number.isFinite), 1);
  const [step, high] = [44, 120];
  const up = (value) => high - (100 * value) / most;
  const width = step * values.length + 8;
  const [, plan, done] = rows.at(-1);
  const label = `${rows.at(-1)[0]}: ${words.plan} ${plan || "—"}, ${words.done} ${done || "—"}`;
  const svg = part("svg", { viewBox: `0 0 ${width} 142`, width, height: 142, role: "img", "aria-label": label });
  values.forEach(([month, even, came], at) => {
    const x = at * step + 8;
    if (Number.isFinite(came))
      svg.append(part("rect", { x, y: up(came), width: 28, height: Math.max(0, high - up(came)), class: "fw-pace-done" }));
    if (Number.isFinite(even))
      svg.append(part("line", { x1: x - 6, x2: x + 34, y1: up(even), y2: up(even), class: "fw-pace-plan" }));
    svg.append(part("text", { x: x + 14, y: 137, "text-anchor": "middle" }, month.replace(/^.*年|\s.*$/g, "")));
  });
  const figure = make("div", "", { class: "fw-pace" });
  const told = make("p", "", { class: "fw-pace-key" });
  told.append(make("span", `▬ ${words.plan}`, { class: "fw-key-plan" }), " ", make("span", `■ ${words.done}`, { class: "fw-key-done" }));
  figure.append(told, svg);
  return figure;
};

const useCards = async (holder) => {
  const words = holder.dataset;
  const { heads, projects } = await unpacked(holder.querySelector(".fw-packed"));
  const codes = new Map();
  Object.entries(projects).forEach(([code, { name }]) => codes.set(name, [...(codes.get(name) ?? []), code]));
  const box = make("dialog", "", { class: "fw-project", "aria-labelledby": "fw-project-name" });
  document.body.append(box);
  const address = (code) => CARD + encodeURIComponent(code);
  const link = (code, text) => make("a", text, { href: address(code), class: "fw-to-card" });

  const fill = (code) => {
    const close = make("button", "✕", { type: "button", class: "fw-close-card", "aria-label": words.close });
    close.addEventListener("click", () => box.close());
    const known = Object.hasOwn(projects, code) ? projects[code] : null;
    const title = make("h2", known?.name ?? words.unknown.replace("{code}", code), { id: "fw-project-name", tabindex: "-1" });
    box.replaceChildren(close, title);
    if (!known) return;
    box.append(make("p", [code, known.status, known.unit].filter(Boolean).join(" · "), { class: "fw-source" }));
    const others = codes.get(known.name).filter((other) => other !== code);
    if (others.length) {
      const told = make("p", `${words.same} `, { class: "fw-source" });
      others.forEach((other) => told.append(link(other, other), " "));
      box.append(told);
    }
    Object.entries(known.sections).forEach(([name, rows]) => {
      const [heading, ...columns] = heads[name];
      box.append(make("h3", heading));
      if (name === "pace") box.append(paceChart(rows, words));
      const frame = make("div", "", { class: "fw-scroll", tabindex: "0", role: "region", "aria-label": heading });
      frame.append(cardTable(columns, rows));
      box.append(frame);
    });
  };
  const follow = () => {
    if (!location.hash.startsWith(CARD)) return box.close();
    let code = location.hash.slice(CARD.length);
    try { code = decodeURIComponent(code); } catch { /* stays as it is */ }
    fill(code);
    if (!box.open) box.showModal();
    box.scrollTop = 0;
    box.querySelector("h2").focus();
  };
  // the address of a card that was closed would open it again
  box.addEventListener("close", () => {
    if (location.hash.startsWith(CARD)) history.replaceState(null, "", "#");
  });
  box.addEventListener("click", (event) => event.target === box && box.close());
  addEventListener("hashchange", follow);

  linkNames = (body) =>
    body.querySelectorAll("td,th").forEach((cell) => {
      const found = cell.childElementCount ? null : codes.get(plain(cell));
      if (found) cell.replaceChildren(link(found[0], cell.textContent));
    });
  followMark = (datum) => {
    const found = Object.values(datum ?? {}).find((value) => codes.has(String(value).replaceAll("\n", "")));
    if (found) location.hash = address(codes.get(String(found).replaceAll("\n", ""))[0]);
  };
  shownTables.forEach((table) => table.frame && linkNames(table.body));
  follow();
};
document.querySelectorAll(".fw-cards").forEach(useCards);
