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
  const upgrade = async (figure) => {
    const still = figure.querySelector(".fw-static");
    const live = figure.querySelector(".fw-live");
    try {
      const spec = JSON.parse(figure.querySelector(".vega-spec").textContent);
      live.hidden = false;
      await window.vegaEmbed(live, spec, options);
      still.hidden = true;
      figure.dataset.chart = "live";
    } catch {
      live.replaceChildren(); // the picture says the same
      live.hidden = true;
    }
  };
  if (window.vegaEmbed) document.querySelectorAll(".fw-figure").forEach(upgrade);
})();
