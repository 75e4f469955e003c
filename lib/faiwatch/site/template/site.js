"use strict";
// The bar of every page of a site: regions and pages that stand, made from the data above. A page
// that cannot read this file has a link to the index and is whole without it.
(() => {
  const tools = document.getElementById("tools");
  if (!tools) return;
  const { root, lang, region: here, notebook, edition, page } = tools.dataset;
  const [zh, en] = [1, 2];
  const called = lang === "zh" ? zh : en;
  const MOST = 12; // choices shown at once
  const regions = faiwatchSite.regions.map((told) => ({
    code: told[0],
    name: told[called],
    searched: [told[0], told[3], told[zh], told[en]].map((words) => words.toLowerCase()),
    parent: faiwatchSite.above[told[4]],
    madeUp: told[5] === 1,
    pages: faiwatchSite.held[told[lang === "zh" ? 6 : 7]],
  }));
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const kinds = faiwatchSite.kinds;
  const file = (kind) => [kind.notebook, kind.edition].filter(Boolean).join(".") + ".html";
  const openTo = (kind) => edition !== "public" || kind.edition === "public" || !inside.has(kind.notebook);
  // what has a public edition, or one for few, is not named on a page for everybody
  const inside = new Set(kinds.filter((kind) => kind.edition).map((kind) => kind.notebook));
  const shown = (pages) => pages.filter((at) => openTo(kinds[at]));

  // The same page of another region if there is one, else the page that speaks for it.
  const chosen = (region) => {
    const there = shown(region.pages);
    const same = there.find((at) => file(kinds[at]) === page);
    const monitor = there.find((at) => kinds[at].notebook === "02_monitor");
    return same ?? monitor ?? there[0];
  };
  const address = (region, language = lang) => {
    const at = chosen(region);
    return at === undefined ? "" : `${root}${language}/${region.code}/${file(kinds[at])}`;
  };
  const linked = (words, href) => {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = words;
    return link;
  };

  // --- the way up, pages of the region, editions, the regions beside it
  const self = byCode.get(here);
  document.querySelectorAll(".way li").forEach((step) => {
    const region = byCode.get(step.dataset.code);
    if (step.dataset.code === here) step.setAttribute("aria-current", "location");
    else if (region && address(region)) step.replaceChildren(linked(region.name, address(region)));
  });
  if (self) {
    const own = shown(self.pages).map((at) => kinds[at]);
    const tabs = document.querySelector(".tabs");
    new Set(own.map((kind) => kind.notebook)).forEach((name) => {
      const of = own.filter((kind) => kind.notebook === name);
      const kind = of.find((one) => file(one) === page) ?? of[0];
      const tab = linked(kind[lang], `${root}${lang}/${here}/${file(kind)}`);
      if (file(kind) === page) tab.setAttribute("aria-current", "page");
      tabs.append(tab);
    });
    tabs.hidden = tabs.childElementCount < 2;
    // a row that is too long for a telephone begins with the page that is open
    const open = tabs.querySelector("[aria-current]");
    if (open) tabs.scrollLeft = open.offsetLeft - tabs.offsetLeft - 12;
    const others = own.filter((kind) => kind.notebook === notebook && kind.edition !== edition);
    const editions = tools.querySelector(".editions");
    others.forEach((kind) =>
      editions.append(linked(kind[lang], `${root}${lang}/${here}/${file(kind)}`)),
    );
    editions.hidden = !others.length;
    const row = regions.filter((one) => one.parent === self.parent && one.madeUp === self.madeUp && address(one));
    const at = row.indexOf(self);
    const beside = tools.querySelector(".beside");
    const lead = (link, region, before, after) => {
      if (!region) return;
      link.href = address(region);
      link.textContent = before + region.name + after;
      link.hidden = beside.hidden = false;
    };
    lead(beside.querySelector(".previous"), row[at - 1], "‹ ", "");
    lead(beside.querySelector(".next"), row[at + 1], "", " ›");
  }
  tools.querySelector(".print").addEventListener("click", () => print());
  tools.hidden = false;

  // --- a page that is kept as it was
  const kept = location.pathname.match(/\/runs\/(\d{4})(\d\d)(\d\d)T[^/]*\/page\.html$/);
  if (kept) {
    const told = document.createElement("p");
    told.className = "kept";
    told.append(tools.dataset.kept.replace("{}", kept.slice(1, 4).join("-")), " ");
    told.append(linked(tools.dataset.now, `${root}${lang}/${here}/${page}`));
    document.querySelector("main").prepend(told);
  }

  // --- choosing a region
  const input = document.getElementById("pick");
  const list = document.getElementById("picks");
  let choices = [];
  let active = -1;
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (at) => {
    active = at;
    [...list.children].forEach((one, place) => one.setAttribute("aria-selected", place === at));
    if (at < 0) return;
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const look = () => {
    const asked = input.value.trim().toLowerCase();
    // what begins with the words stands before what only holds them
    const rank = (region) => {
      const found = region.searched.map((words) => words.indexOf(asked)).filter((at) => at >= 0);
      return found.length ? Math.min(...found) : Infinity;
    };
    choices = regions
      .filter((region) => address(region))
      .map((region) => [rank(region), region])
      .filter(([at]) => at < Infinity)
      .sort((one, two) => Math.min(one[0], 1) - Math.min(two[0], 1))
      .slice(0, MOST)
      .map(([, region]) => region);
    list.replaceChildren(
      ...choices.map((region, at) => {
        const option = document.createElement("li");
        option.id = `pick-${at}`;
        option.setAttribute("role", "option");
        const above = byCode.get(region.parent)?.name ?? "";
        const note = document.createElement("small");
        note.textContent = [region.madeUp ? faiwatchSite.tag[lang] : above, region.code].filter(Boolean).join(" · ");
        option.append(region.name, " ", note);
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => (location.href = address(region)));
        return option;
      }),
    );
    if (!choices.length) {
      const none = document.createElement("li");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = tools.dataset.none;
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(asked && choices.length ? 0 : -1);
  };
  input.addEventListener("input", look);
  input.addEventListener("focus", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) look();
    if (step && choices.length) mark((active + step + choices.length) % choices.length);
    else if (event.key === "Enter" && active >= 0) location.href = address(choices[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });

  // --- what names a region leads to it: cells of tables, and marks of charts
  const byName = new Map();
  regions.forEach((region) => byName.set(region.name, [...(byName.get(region.name) ?? []), region]));
  const meant = (words) => {
    const named = byName.get(words) ?? [byCode.get(words)].filter(Boolean);
    const near = named.filter((one) => one.parent === here || (self && one.parent === self.parent));
    const found = named.length === 1 ? named[0] : near.length === 1 ? near[0] : undefined;
    return found && found !== self && address(found) ? found : undefined;
  };
  const name = (cells) =>
    cells.forEach((cell) => {
      if (cell.childElementCount) return;
      const region = meant(cell.textContent.trim());
      if (region) cell.replaceChildren(linked(cell.textContent.trim(), address(region)));
    });
  const main = document.querySelector("main");
  const named = ":is(td, th[scope=row])";
  name(document.querySelectorAll(`main .fw-grid ${named}`));
  // a table that is turned over draws its other rows then
  new MutationObserver((changes) =>
    changes
      .flatMap((change) => [...change.addedNodes])
      .filter((one) => one instanceof HTMLTableRowElement && one.closest(".fw-grid"))
      .forEach((row) => name(row.querySelectorAll(named))),
  ).observe(main, { childList: true, subtree: true });
  const regionAt = (mark) => {
    if (!(mark instanceof Element) || !mark.closest(".fw-chart svg")) return undefined;
    const words = mark.closest("text")?.textContent.trim();
    const datum = mark.__data__?.datum ?? {};
    const told = [words, ...Object.values(datum)].filter((one) => typeof one === "string");
    return told.map(meant).find(Boolean);
  };
  main.addEventListener("pointerover", ({ target }) => {
    if (regionAt(target)) target.style.cursor = "pointer";
  });
  main.addEventListener("click", ({ target }) => {
    const region = regionAt(target);
    if (region) location.href = address(region);
  });
})();
