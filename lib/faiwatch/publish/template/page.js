"use strict";
// Runs after the page is read: nothing here is needed to read it.
(() => {
  const stale = document.querySelector(".stale");
  if (stale && Date.now() > Date.parse(stale.dataset.after)) stale.hidden = false;

  // Paper has no buttons: what is folded is printed open. The style does it for origins, of
  // which only one can be open at a time; code and long data tables stay on the screen.
  const folded = "details:not([open], .code, .fw-data, .fw-origin)";
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(folded)];
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));

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
  if (window.vegaEmbed) document.querySelectorAll(".fw-figure").forEach(upgrade);
})();
