// The picture of a chart becomes alive; its tools save it, show it large and undo a zoom.
const options = {
  mode: "vega-lite",
  ast: true, // expressions are interpreted, so the page needs no right to evaluate code
  actions: false,
  renderer: "svg",
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};
const ZOOM = "zoom"; // what charts call the dragging and zooming along their months
const views = new Map();

// A chart with sliders says in words what they lead to; moving one says it again.
const tell = (live, view, signal) => {
  const said = make("output", view.signal(signal), { class: "fw-said" });
  live.querySelector(".vega-bindings").append(said);
  view.addSignalListener(signal, (_, words) => (said.textContent = words));
};

// Beside a slider stands its number, with the minus sign of every other number.
const withMinusSign = (live) => live.querySelectorAll(".vega-bind").forEach((bound) => {
  const shown = bound.querySelector(".vega-bind-name ~ span");
  const write = () => {
    if (shown.textContent.includes("-")) shown.textContent = shown.textContent.replace("-", "−");
  };
  if (!shown) return;
  new MutationObserver(write).observe(shown, { childList: true, characterData: true, subtree: true });
  write();
});

const upgrade = async (figure) => {
  const still = figure.querySelector(".fw-static");
  const live = figure.querySelector(".fw-live");
  try {
    const spec = JSON.parse(figure.querySelector(".vega-spec").textContent);
    live.hidden = false;
    const { view } = await window.vegaEmbed(live, spec, options);
    views.set(figure, view);
    withMinusSign(live);
    if (spec.usermeta?.says) tell(live, view, spec.usermeta.says);
    still.hidden = true;
    const reset = figure.querySelector("[data-do=reset]");
    if (reset && JSON.stringify(spec).includes('"bind":"scales"')) {
      reset.hidden = true;
      figure.querySelector(".fw-zoom").hidden = false;
      view.addSignalListener(ZOOM, () => (reset.hidden = false));
    }
    view.addEventListener("click", (_, item) => followMark?.(item?.datum));
    figure.dataset.chart = "live";
  } catch {
    live.replaceChildren(); // the picture says the same
    live.hidden = true;
  }
};
let followMark = null; // cards.js says where the mark of a project leads

// What is saved is what is seen, on white, under its title and above its source.
const pictureOf = async (figure) => {
  const view = views.get(figure);
  const drawn = view && figure.querySelector(".fw-live").clientWidth > 500
    ? await view.toSVG()
    : figure.querySelector(".fw-static svg").outerHTML;
  const inner = new DOMParser().parseFromString(drawn, "image/svg+xml").documentElement;
  const [, , width, height] = (inner.getAttribute("viewBox") ?? "").split(/\s+/).map(Number);
  const lines = (text, most) => text.match(new RegExp(`.{1,${most}}`, "gu")) ?? [];
  const fits = Math.floor(width / (document.documentElement.lang.startsWith("zh") ? 16 : 9));
  const title = lines(plain(figure.querySelector(".fw-title")), fits);
  const told = [...figure.querySelectorAll(".fw-source > span:not(.fw-tools)")].map(plain).join("  ");
  const source = lines(told, Math.floor(fits * 1.35));
  const top = 22 * title.length + 14;
  const whole = top + height + 17 * source.length + 14;
  const root = part("svg", { xmlns: SVG, width: width + 24, height: whole, viewBox: `-12 0 ${width + 24} ${whole}` });
  root.setAttribute("font-family", getComputedStyle(document.documentElement).getPropertyValue("--sans") || "sans-serif");
  root.append(part("rect", { x: -12, width: width + 24, height: whole, fill: "#ffffff" }));
  title.forEach((text, at) => root.append(part("text", { y: 24 + 22 * at, "font-size": 16, "font-weight": 700, fill: "#1b1f24" }, text)));
  inner.setAttribute("y", top);
  inner.setAttribute("width", width);
  inner.setAttribute("height", height);
  root.append(document.adoptNode(inner));
  source.forEach((text, at) => root.append(part("text", { y: top + height + 16 + 17 * at, "font-size": 12, fill: "#57606a" }, text)));
  return { text: new XMLSerializer().serializeToString(root), width: width + 24, height: whole };
};

const savePng = async (figure, name) => {
  const { text, width, height } = await pictureOf(figure);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = make("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((content) => save(`${name}.png`, content));
};

const useFigureTools = (figure) => {
  const tools = figure.querySelector(".fw-tools");
  if (!tools) return;
  const name = figure.id.replace(/^fig-/, "");
  const act = {
    png: () => savePng(figure, name),
    svg: async () => save(`${name}.svg`, new Blob([(await pictureOf(figure)).text], { type: "image/svg+xml" })),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : figure.requestFullscreen()),
    reset: async () => {
      views.get(figure)?.finalize();
      await upgrade(figure);
      figure.querySelector("[data-do=full]").focus();
    },
  };
  tools.querySelectorAll("button").forEach((one) => one.addEventListener("click", act[one.dataset.do]));
  tools.querySelector("[data-do=full]").hidden = !document.fullscreenEnabled;
  tools.hidden = false;
};

// A chart in a folded section has no width yet: it waits until the section is opened.
const upgradeWhenSeen = (figure) => {
  const fold = figure.closest("details:not([open])");
  if (!fold) figure.ready = upgrade(figure);
  else fold.addEventListener("toggle", () => upgradeWhenSeen(figure), { once: true });
};
document.querySelectorAll(".fw-figure").forEach(useFigureTools);
if (window.vegaEmbed) document.querySelectorAll(".fw-figure").forEach(upgradeWhenSeen);
