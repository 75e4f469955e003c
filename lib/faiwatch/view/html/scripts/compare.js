// Two to five series on one chart; #compare=KEY,KEY is the choice, to be kept and sent.
const COMPARE = "#compare=";
const MOST_COMPARED = 5;

const useCompare = async (form) => {
  const figure = document.getElementById(form.dataset.figure);
  const series = await unpacked(form.querySelector(".fw-packed"));
  const [field, told] = [form.querySelector("input"), form.querySelector("output")];
  const asMade = figure.querySelector(".vega-spec").textContent;
  const about = figure.querySelector(".fw-csv[download$='.json']");
  const bytes = Uint8Array.from(atob(about.href.split(",")[1]), (sign) => sign.charCodeAt(0));
  const made = JSON.parse(new TextDecoder().decode(bytes));
  const byName = new Map(Object.entries(series).map(([key, [name]]) => [name.toLowerCase(), key]));
  let chosen = form.dataset.chosen.split(",");

  const held = (link, type, text) => (link.href = `data:${type};charset=utf-8,${encodeURIComponent(text)}`);
  const draw = async () => {
    await figure.ready;
    const shown = chosen.map((key) => series[key]);
    const names = shown.map(([name]) => name);
    const spec = JSON.parse(asMade);
    spec.datasets[spec.data.name] = shown.flatMap(([which, , rows]) =>
      rows.map(([month, window, value_pct, state]) => ({ month, window, which, value_pct, state })),
    );
    spec.layer.forEach(({ encoding = {} }) =>
      Object.values(encoding).forEach((channel) => {
        if (channel?.field === "which" && channel.scale) {
          channel.scale.domain = names;
          channel.scale.range = channel.scale.range.slice(0, names.length);
        }
      }),
    );
    const caption = shown.map(([, words]) => words).join(form.dataset.between);
    spec.description = `${plain(figure.querySelector(".fw-title"))}. ${caption}`;
    figure.querySelector(".vega-spec").textContent = JSON.stringify(spec);
    figure.querySelector("figcaption").textContent = caption;
    fillData(names, shown, caption);
    if (!views.has(figure)) return; // drawn when its section is opened
    views.get(figure).finalize();
    await upgrade(figure);
    const picture = new DOMParser().parseFromString(await views.get(figure).toSVG(), "image/svg+xml");
    const svg = document.adoptNode(picture.documentElement);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", spec.description);
    figure.querySelector(".fw-static").replaceChildren(svg); // paper shows the same choice
  };

  const fillData = (names, shown, caption) => {
    const months = [...new Set(shown.flatMap(([, , rows]) => rows.map(([month]) => month)))].sort();
    const found = shown.map(([, , rows]) => new Map(rows.map(([month, window, value]) => [month, [window, value]])));
    const scroll = figure.querySelector(".fw-data .fw-scroll");
    const first = plain(scroll.querySelector("th"));
    const lines = months.map((month) => [
      found.find((one) => one.has(month)).get(month)[0],
      ...found.map((one) => one.get(month)?.[1]?.toFixed(1) ?? ""),
    ]);
    scroll.replaceChildren(cardTable([first, ...names], lines));
    const csv = csvOf([[first, ...names], ...lines]);
    held(figure.querySelector(".fw-csv[download$='.csv']"), "text/csv", csv);
    const columns = [first, ...names].map((name) => ({ name }));
    held(about, "application/json", JSON.stringify({ ...made, description: caption, columns }));
  };

  const list = () => {
    form.querySelector("ul").replaceChildren(
      ...chosen.map((key) => {
        const item = make("li");
        const button = make("button", `${series[key][0]} ✕`, { type: "button", "aria-label": `${form.dataset.remove} ${series[key][0]}` });
        button.addEventListener("click", () => {
          if (chosen.length > 1) choose(chosen.filter((other) => other !== key));
          else told.textContent = form.dataset.fewest;
          field.focus();
        });
        item.append(button);
        return item;
      }),
    );
  };
  const choose = (keys, isKept = true) => {
    chosen = keys;
    list();
    if (isKept) {
      history.replaceState(null, "", COMPARE + chosen.map(encodeURIComponent).join(","));
      told.textContent = form.dataset.kept;
    }
    return draw();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const key = byName.get(field.value.trim().toLowerCase());
    if (!key) told.textContent = form.dataset.unknown;
    else if (chosen.length >= MOST_COMPARED && !chosen.includes(key)) told.textContent = form.dataset.most;
    else {
      if (!chosen.includes(key)) choose([...chosen, key]);
      field.value = "";
    }
  });
  const follow = () => {
    if (!location.hash.startsWith(COMPARE)) return;
    const asked = location.hash.slice(COMPARE.length).split(",").map((key) => {
      try { return decodeURIComponent(key); } catch { return key; }
    });
    const known = [...new Set(asked)].filter((key) => Object.hasOwn(series, key)).slice(0, MOST_COMPARED);
    const fold = form.closest("details");
    if (fold) fold.open = true;
    if (known.length) choose(known, false);
    form.scrollIntoView();
  };
  list();
  form.hidden = false;
  addEventListener("hashchange", follow);
  follow();
};
document.querySelectorAll(".fw-compare").forEach(useCompare);
