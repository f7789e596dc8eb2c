// Labels on a canvas: how wide they are, cut to the room there is, and on a plate where they are marked.

const widths = new Map();

/** Letters of the page's font in this size, in pixels, set on the middle of their line. */
export function setLetters(context, theme, size) {
  context.font = `${size}px ${theme.font}`;
  context.textBaseline = "middle";
}

/** How wide a label is, in pixels, remembered. */
export function textWidth(context, text) {
  const key = `${context.font}|${text}`;
  if (!widths.has(key)) {
    if (widths.size > 8000) widths.clear();
    widths.set(key, context.measureText(text).width);
  }
  return widths.get(key);
}

/** How wide the widest label of an axis is, in pixels. */
export function widestLabel(context, axis) {
  return axis.units.reduce((widest, unit) => Math.max(widest, textWidth(context, unit.label)), 0);
}

/** `text` cut with an ellipsis so that it is at most `room` pixels wide. */
export function shortened(context, text, room) {
  if (textWidth(context, text) <= room) return text;
  const points = Array.from(text);
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${points.slice(0, middle).join("")}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${points.slice(0, low).join("")}…`;
}

/** What lies behind a marked label. */
export function plate(context, colour, x, y, width, height, radius = 3) {
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.fill();
}
