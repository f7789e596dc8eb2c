// Elements without HTML: text only ever becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

/** An element: el("button.big", {type: "button", text: "Go", onclick}, child, ...). */
export function el(name, props = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (key === "text") node.textContent = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value);
  }
  node.append(...children.filter(Boolean));
  return node;
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

/** Where a pointer event lies in an element, in CSS pixels. */
export function pointerPosition(event, element) {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** This event is handled: the page must not hear of it. */
export function consume(event) {
  event.preventDefault();
  event.stopPropagation();
}
