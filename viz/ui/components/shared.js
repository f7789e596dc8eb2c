// What the scripts of all small components share: it is put before each of them.

// The steps of the arrow keys, as [rows, columns].
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// An HTML element of a class. Its text is never read as HTML.
function element(tag, kind = "", text = "") {
  const node = document.createElement(tag);
  if (kind) node.className = kind;
  if (text) node.textContent = text;
  return node;
}

function button(kind, text, press) {
  const node = element("button", kind, text);
  node.type = "button";
  node.onclick = press;
  return node;
}

// The primary colour, the stronger the larger `share` is (0 to 1), and never above `most` percent.
function tint(share, most) {
  return `color-mix(in srgb, var(--st-primary-color) ${Math.round(Math.min(1, Math.max(0, share)) * most)}%, transparent)`;
}
