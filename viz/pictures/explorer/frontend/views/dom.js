// Elements without HTML: text only ever becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

const WORDS = { say: "data-say", label: "data-label", tip: "data-tip" };

/** An element: el("button.big", {type: "button", text: "Go", onclick}, child, ...); `say`, `label`, `tip`: see translate. */
export function el(name, props = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (key === "text") node.textContent = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(WORDS[key] ?? key, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

/** Give all in `root` their words by key: `say` is the text, `label` is for screen readers, a `tip` is both tip and label. */
export function translate(root, t) {
  for (const node of root.querySelectorAll("[data-say], [data-label], [data-tip]")) {
    const { say, label, tip } = node.dataset;
    if (say) setText(node, t(say));
    if (tip) node.title = t(tip);
    if (label ?? tip) node.setAttribute("aria-label", t(label ?? tip));
  }
}

/** Give an element this text. Where it has it already nothing is touched, so that nothing is laid out anew. */
export function setText(node, text) {
  const content = String(text);
  if (node.textContent !== content) node.textContent = content;
}

/** A small line drawing for a button, from one path in a 16 x 16 box. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Fit a canvas to a size in CSS pixels on this screen; returns its context, scaled to CSS pixels and cleared. */
export function fitCanvas(canvas, width, height) {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
