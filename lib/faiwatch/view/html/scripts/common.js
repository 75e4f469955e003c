// What several scripts of the blocks share.
const plain = (element) => element.textContent.trim().replace(/\s+/g, " ");

// Data of the page that are too many to stand in it as they are: JSON, compressed, in base64.
const unpacked = async (script) => {
  const bytes = Uint8Array.from(atob(script.textContent.trim()), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
};

const make = (tag, text = "", attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
};

// A text that a spreadsheet would run as a formula is put behind an apostrophe.
const csvOf = (lines) => {
  const safe = (cell) => (/^[=+@\t\r]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell);
  const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `\ufeff${lines.map((cells) => cells.map((cell) => quoted(safe(cell))).join(",")).join("\n")}\n`;
};

const SVG = "http://www.w3.org/2000/svg";
const part = (tag, attributes, text = "") => {
  const element = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.textContent = text;
  return element;
};

const save = (name, content) => {
  const link = make("a", "", { download: name, href: URL.createObjectURL(content) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

// A page opened over plain http has no clipboard of its own; the older way works there too.
const copied = (text) => {
  const field = make("textarea", text, { readonly: "", class: "fw-away" });
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
};

// Boxes that lie over the page close by Escape, and the focus goes back to what opened them.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(".fw-origin[open]").forEach((box) => {
    box.open = false;
    box.querySelector("summary").focus();
  });
  document.querySelector("#vg-tooltip-element")?.classList.remove("visible");
});
