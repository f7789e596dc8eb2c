// The drawing of a map: cells, labels, and the crosshair on a layer of its own.

import { lutIndex } from "./colours.js";
import { plate, setLetters, shortened, textWidth } from "./labels.js";
import { cellSize, labelStep } from "./viewport.js";

const HATCH = 6;

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
  setLetters(context, theme, layout.size);
  for (const { units, cell, offset, room, start, step, label } of sidesOf(shown, layout)) {
    for (let i = Math.floor(offset / cell); i < units.length && i * cell - offset < room; i++) {
      const middle = (i + 0.5) * cell - offset;
      if (i % step === 0 && middle >= 0 && middle <= room) label(context, units[i], layout, start + middle, theme);
    }
  }
}

/**
 * The two sides of a map: the units, and in pixels how large a cell is, how far it is scrolled, its room and where that
 * begins; every how manyth label there is room for, and what draws one.
 */
function sidesOf(shown, layout) {
  const { left, top, port, flat, size } = layout;
  const [w, h] = cellSize(port);
  const line = size + 2;
  const rows = { cell: h, offset: port.y, room: port.height, start: top, step: labelStep(h, line) };
  const columns = { cell: w, offset: port.x, room: port.width, start: left, step: labelStep(w, flat ? 1 : line) };
  return [
    { ...rows, units: shown.queries.units, label: rowLabel },
    { ...columns, units: shown.keys.units, label: columnLabel },
  ];
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

/** The label of a row at the height `y`; one that is marked lies on a plate of the colour `mark`. */
function rowLabel(context, unit, { left, size }, y, theme, mark = null) {
  if (mark) {
    const width = Math.min(left, textWidth(context, unit.label) + 12);
    plate(context, mark, left - width, y - size / 2 - 3, width - 1, size + 6);
  }
  context.fillStyle = unit.special ? theme.muted : theme.ink;
  context.textAlign = "right";
  context.fillText(shortened(context, unit.label, left - 10), left - 6, y);
}

/** The label of a column, upright where it is too wide for its cell. */
function columnLabel(context, unit, { top, size, flat }, x, theme, mark = null) {
  if (mark) {
    const length = Math.min(top, textWidth(context, unit.label) + 12);
    if (flat) plate(context, mark, x - length / 2, top - 20, length, 19);
    else plate(context, mark, x - size / 2 - 3, top - length, size + 6, length - 1);
  }
  context.fillStyle = unit.special ? theme.muted : theme.ink;
  if (flat) {
    context.textAlign = "center";
    context.fillText(unit.label, x, top - 10);
    return;
  }
  context.save();
  context.translate(x, top - 6);
  context.rotate(-Math.PI / 2);
  context.textAlign = "left";
  context.fillText(shortened(context, unit.label, top - 10), 0, 0);
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
  setLetters(context, theme, layout.size);
  const onPlate = { ...theme, ink: theme.paper, muted: theme.paper };
  for (const [marked, colour] of [[pinned, theme.accent], [cell, theme.ink]]) {
    if (!marked) continue;
    sidesOf(shown, layout).forEach(({ units, cell: size, offset, room, start, label }, side) => {
      const middle = (marked[side] + 0.5) * size - offset;
      if (middle >= 0 && middle <= room) label(context, units[marked[side]], layout, start + middle, onPlate, colour);
    });
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
