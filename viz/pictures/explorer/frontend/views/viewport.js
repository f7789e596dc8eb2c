// Where the cells of a map lie on screen. Zoom 1 shows the whole map; offsets are in pixels of the zoomed map.

const MOST_ZOOM = 40;
const LARGEST_CELL = 64;

/** The size of the plot that shows rows x columns with square cells in the room there is. */
export function fitPlot(rows, columns, width, height) {
  const cell = Math.max(0.25, Math.min(LARGEST_CELL, width / columns, height / rows));
  return { width: cell * columns, height: cell * rows };
}

/** A viewport on a plot of width x height. */
export function makeViewport(rows, columns, plot) {
  return { rows, columns, width: plot.width, height: plot.height, zoom: 1, x: 0, y: 0 };
}

/** The width and height of a cell, in pixels. */
export function cellSize(port) {
  return [(port.width * port.zoom) / port.columns, (port.height * port.zoom) / port.rows];
}

/** The same place and zoom on a plot of another size. */
export function resized(port, plot) {
  const x = (port.x / port.width) * plot.width;
  const y = (port.y / port.height) * plot.height;
  return clamped({ ...port, width: plot.width, height: plot.height, x, y });
}

/** How far a plot can be zoomed: until its cells are large. */
export function mostZoom(port) {
  return Math.max(1, MOST_ZOOM / Math.min(...cellSize({ ...port, zoom: 1 })));
}

/** Zoomed by a factor, the point (px, py) of the plot staying where it is. */
export function zoomed(port, factor, px, py) {
  const zoom = Math.min(mostZoom(port), Math.max(1, port.zoom * factor));
  const ratio = zoom / port.zoom;
  return clamped({ ...port, zoom, x: (port.x + px) * ratio - px, y: (port.y + py) * ratio - py });
}

/** Moved by pixels. */
export function panned(port, dx, dy) {
  return clamped({ ...port, x: port.x + dx, y: port.y + dy });
}

/** Moved just far enough that a cell is in sight. */
export function revealing(port, row, column) {
  const [w, h] = cellSize(port);
  const x = Math.max((column + 1) * w - port.width, Math.min(port.x, column * w));
  const y = Math.max((row + 1) * h - port.height, Math.min(port.y, row * h));
  return clamped({ ...port, x, y });
}

function clamped(port) {
  const x = Math.min(Math.max(0, port.x), port.width * (port.zoom - 1));
  const y = Math.min(Math.max(0, port.y), port.height * (port.zoom - 1));
  return { ...port, x, y };
}

/** The cell [row, column] under a point of the plot, or null. */
export function cellAt(port, px, py) {
  if (px < 0 || py < 0 || px >= port.width || py >= port.height) return null;
  const [w, h] = cellSize(port);
  const row = Math.floor((py + port.y) / h);
  const column = Math.floor((px + port.x) / w);
  return row < port.rows && column < port.columns ? [row, column] : null;
}

/** Every how manyth label there is room for, when each needs `room` pixels. */
export function labelStep(cell, room) {
  return Math.max(1, Math.ceil(room / cell));
}
