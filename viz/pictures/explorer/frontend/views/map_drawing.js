// The drawing of a map: cells, labels, and the crosshair on a layer of its own.

import { lutIndex } from "./colours.js";
import { cellSize, labelStep } from "./viewport.js";

const HATCH = 6;
const widths = new Map();

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

/** One pixel a cell, on a canvas of its own; cells below the threshold stay empty. */
export function paintCells(sheet, shown, lut) {
  if (sheet.width !== shown.columns || sheet.height !== shown.rows) {
    sheet.width = shown.columns;
    sheet.height = shown.rows;
  }
  const pen = sheet.getContext("2d");
  const image = pen.createImageData(shown.columns, shown.rows);
  const words = new Uint32Array(image.data.buffer);
  const { values, keep } = shown;
  for (let i = 0; i < values.length; i++) {
    if (keep === null || keep[i]) words[i] = lut[lutIndex(values[i])];
  }
  pen.putImageData(image, 0, 0);
}

/** The cells and labels. `layout` = {left, top, port, flat, size}. */
export function drawMap(context, sheet, shown, layout, theme) {
  const { left, top, port } = layout;
  const [w, h] = cellSize(port);
  context.fillStyle = theme.panel;
  context.fillRect(left, top, port.width, port.height);
  if (shown.keep !== null) hatch(context, layout, theme);
  clipTo(context, layout);
  const ratio = globalThis.devicePixelRatio || 1;
  context.imageSmoothingEnabled = w * ratio < 1;
  context.drawImage(sheet, left - port.x, top - port.y, w * port.columns, h * port.rows);
  if (w >= 9 && h >= 9) separators(context, layout, theme.paper);
  context.restore();
  drawLabels(context, shown, layout, theme);
}

/** Draw only inside the plot and `edge` pixels around it, until the context is restored. */
function clipTo(context, { left, top, port }, edge = 0) {
  context.save();
  context.beginPath();
  context.rect(left - edge, top - edge, port.width + 2 * edge, port.height + 2 * edge);
  context.clip();
}

/** What lies below the threshold is hatched: no colour of the scale, so that it is not taken for a weight. */
function hatch(context, { left, top, port }, theme) {
  clipTo(context, { left, top, port });
  context.strokeStyle = theme.faint;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = -port.height; x < port.width; x += HATCH) {
    context.moveTo(left + x, top + port.height);
    context.lineTo(left + x + port.height, top);
  }
  context.stroke();
  context.restore();
}

function separators(context, { left, top, port }, colour) {
  const [w, h] = cellSize(port);
  context.fillStyle = colour;
  const [firstColumn, firstRow] = [Math.floor(port.x / w), Math.floor(port.y / h)];
  for (let i = firstColumn; i * w - port.x < port.width; i++) context.fillRect(left + i * w - port.x - 0.5, top, 1, port.height);
  for (let i = firstRow; i * h - port.y < port.height; i++) context.fillRect(left, top + i * h - port.y - 0.5, port.width, 1);
}

function drawLabels(context, shown, layout, theme) {
  const { left, top, port, flat, size } = layout;
  const [w, h] = cellSize(port);
  context.font = `${size}px ${theme.font}`;
  context.textBaseline = "middle";
  const line = size + 2;
  const rowStep = labelStep(h, line);
  for (let row = Math.floor(port.y / h); row < shown.rows && row * h - port.y < port.height; row++) {
    const middle = (row + 0.5) * h - port.y;
    if (row % rowStep || middle < 0 || middle > port.height) continue;
    rowLabel(context, shown.queries.units[row], layout, top + middle, theme);
  }
  const columnStep = labelStep(w, flat ? 1 : line);
  for (let column = Math.floor(port.x / w); column < shown.columns && column * w - port.x < port.width; column++) {
    const middle = (column + 0.5) * w - port.x;
    if (column % columnStep || middle < 0 || middle > port.width) continue;
    columnLabel(context, shown.keys.units[column], layout, left + middle, theme);
  }
}

function rowLabel(context, unit, layout, y, theme) {
  context.fillStyle = unit.special ? theme.muted : theme.ink;
  context.textAlign = "right";
  context.fillText(shortened(context, unit.label, layout.left - 10), layout.left - 6, y);
}

function columnLabel(context, unit, layout, x, theme) {
  context.fillStyle = unit.special ? theme.muted : theme.ink;
  if (layout.flat) {
    context.textAlign = "center";
    context.fillText(unit.label, x, layout.top - 10);
    return;
  }
  context.save();
  context.translate(x, layout.top - 6);
  context.rotate(-Math.PI / 2);
  context.textAlign = "left";
  context.fillText(shortened(context, unit.label, layout.top - 10), 0, 0);
  context.restore();
}

/** Crosshair, pinned cell and highlighted labels, over the map. `cell` and `pinned` are [row, column] or null. */
export function drawOverlay(context, shown, layout, theme, cell, pinned) {
  const { left, top, port } = layout;
  const [w, h] = cellSize(port);
  const box = ([row, column]) => [left + column * w - port.x, top + row * h - port.y];
  clipTo(context, layout, 1);
  if (cell) {
    const [x, y] = box(cell);
    context.fillStyle = theme.name === "dark" ? "rgba(255,255,255,0.13)" : "rgba(20,24,40,0.10)";
    context.fillRect(left, y, port.width, h);
    context.fillRect(x, top, w, port.height);
    outline(context, x, y, w, h, theme, theme.ink);
  }
  if (pinned) outline(context, ...box(pinned), w, h, theme, theme.accent);
  context.restore();
  for (const [marked, colour] of [[pinned, theme.accent], [cell, theme.ink]]) {
    if (marked) highlight(context, shown, layout, theme, marked, colour);
  }
}

function outline(context, x, y, w, h, theme, colour) {
  const grow = Math.max(0, (6 - Math.min(w, h)) / 2);
  for (const [width, stroke] of [[4, theme.paper], [2, colour]]) {
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.strokeRect(x - grow, y - grow, w + 2 * grow, h + 2 * grow);
  }
}

function highlight(context, shown, layout, theme, [row, column], colour) {
  const { left, top, port, size, flat } = layout;
  const [w, h] = cellSize(port);
  const y = top + (row + 0.5) * h - port.y;
  const x = left + (column + 0.5) * w - port.x;
  const marked = { ...theme, ink: theme.paper, muted: theme.paper };
  context.font = `${size}px ${theme.font}`;
  context.textBaseline = "middle";
  context.fillStyle = colour;
  if (y >= top && y <= top + port.height) {
    const wide = Math.min(left, textWidth(context, shown.queries.units[row].label) + 12);
    plate(context, left - wide, y - size / 2 - 3, wide - 1, size + 6);
    rowLabel(context, shown.queries.units[row], layout, y, marked);
  }
  context.fillStyle = colour;
  if (x >= left && x <= left + port.width) {
    const long = Math.min(top, textWidth(context, shown.keys.units[column].label) + 12);
    if (flat) plate(context, x - long / 2, top - 20, long, 19);
    else plate(context, x - size / 2 - 3, top - long, size + 6, long - 1);
    columnLabel(context, shown.keys.units[column], layout, x, marked);
  }
}

function plate(context, x, y, w, h) {
  context.beginPath();
  context.roundRect(x, y, w, h, 3);
  context.fill();
}
