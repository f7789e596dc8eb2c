// The picked head's map: query rows, key columns, with a crosshair, zoom, pan and a pinned cell.

import { makeLut } from "./colours.js";
import { consume, el, fitCanvas, icon, pointerPosition } from "./dom.js";
import { drawMap, drawOverlay, paintCells, widestLabel } from "./map_drawing.js";
import { rankInRow } from "../data/weights.js";
import { cellAt, cellSize, fitPlot, makeViewport, mostZoom, panned, resized, revealing, zoomed } from "./viewport.js";
import { attachGestures } from "./gestures.js";

const STEP = 1.5;
const EDGE = 8; // room beside the last cell, so that its highlighted label is whole

/** The map of `app`: {root, render}. */
export function makeMap(app) {
  const base = el("canvas");
  const over = el("canvas.ax-over");
  const spoken = el("div.ax-hidden", { role: "gridcell" });
  const area = el(
    "div.ax-map-area",
    { role: "grid", tabindex: "0" },
    base,
    over,
    el("div.ax-hidden", { role: "row" }, spoken),
  );
  const buttons = {
    zoom_in: el("button", { type: "button", onclick: () => zoomBy(STEP) }, icon("M8 3v10M3 8h10")),
    zoom_out: el("button.ax-less", { type: "button", onclick: () => zoomBy(1 / STEP) }, icon("M3 8h10")),
    zoom_reset: el("button", { type: "button", onclick: () => zoomBy(0) }, icon("M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3")),
  };
  const tools = el("div.ax-tools", { role: "group" }, ...Object.values(buttons));
  const root = el("div.ax-map", {}, area);
  const sheet = document.createElement("canvas");
  let shown = null;
  let layout = null;
  let cursor = null;
  let mapId = null;
  let lut = { key: null, table: null };

  function measure() {
    const room = root.clientWidth;
    if (!room) return false;
    const small = room < 480;
    const size = small ? 11 : room > 1400 ? 15 : room > 900 ? 13 : 12;
    const context = base.getContext("2d");
    context.font = `${size}px ${app.theme.font}`;
    const widest = (axis) => widestLabel(context, axis);
    const most = small ? 76 : 132;
    const left = Math.ceil(Math.min(most, widest(shown.queries) + 12));
    const height = Math.max(280, Math.min(room, 0.74 * globalThis.innerHeight));
    let top = Math.ceil(Math.min(most, widest(shown.keys) + 12));
    let plot = fitPlot(shown.rows, shown.columns, room - left - EDGE, height - top);
    const flat = widest(shown.keys) + 6 <= plot.width / shown.columns;
    if (flat) {
      top = 24;
      plot = fitPlot(shown.rows, shown.columns, room - left - EDGE, height - top);
    }
    const before = layout?.port;
    const same = before && before.rows === shown.rows && before.columns === shown.columns;
    const port = same ? resized(before, plot) : makeViewport(shown.rows, shown.columns, plot);
    layout = { left, top, port, flat, size };
    return true;
  }

  /** Where one is on the map outlives the map itself, which Streamlit may take away and draw anew. */
  function keepPlace() {
    app.exchange.keepPlace(app.key, { map: mapId, port: layout.port, cursor });
  }

  function backToPlace() {
    const place = app.exchange.placeOf(app.key);
    if (place?.map !== mapId) return;
    const { width, height } = layout.port;
    layout.port = resized(place.port, { width, height });
    cursor = place.cursor;
  }

  function draw() {
    const { left, top, port } = layout;
    const [width, height] = [left + port.width + EDGE, top + port.height + EDGE];
    drawMap(fitCanvas(base, width, height), sheet, shown, layout, app.theme);
    drawOver();
    area.style.width = `${width}px`;
    area.style.height = `${height}px`;
    area.style.touchAction = port.zoom > 1 ? "none" : "pan-x pan-y";
    root.classList.toggle("zoomed", port.zoom > 1);
    buttons.zoom_reset.disabled = buttons.zoom_out.disabled = port.zoom === 1;
    buttons.zoom_in.disabled = port.zoom >= mostZoom(port);
  }

  function pinned() {
    const { pin } = app.state;
    if (!pin) return null;
    const cell = [shown.queries.unitOf[pin[0]], shown.keys.unitOf[pin[1]]];
    return cell[0] < 0 || cell[1] < 0 ? null : cell;
  }

  function drawOver() {
    const { left, top, port } = layout;
    const context = fitCanvas(over, left + port.width + EDGE, top + port.height + EDGE);
    keepPlace();
    drawOverlay(context, shown, layout, app.theme, cursor, pinned());
    const cell = cursor ?? pinned();
    app.readCell(cell && describe(cell), !cursor && cell !== null);
  }

  function describe([row, column]) {
    const index = row * shown.columns + column;
    return {
      query: shown.queries.units[row].label,
      key: shown.keys.units[column].label,
      weight: shown.values[index],
      rank: rankInRow(shown.values, shown.columns, row, column),
      count: shown.columns,
      below: shown.keep !== null && !shown.keep[index],
    };
  }

  function point(cell) {
    if (String(cell) === String(cursor)) return;
    cursor = cell;
    drawOver();
  }

  function look(port) {
    layout.port = port;
    draw();
  }

  function zoomBy(factor, x = layout.port.width / 2, y = layout.port.height / 2) {
    if (cursor && arguments.length < 2) {
      const [w, h] = cellSize(layout.port);
      [x, y] = [(cursor[1] + 0.5) * w - layout.port.x, (cursor[0] + 0.5) * h - layout.port.y];
    }
    look(factor ? zoomed(layout.port, factor, x, y) : makeViewport(shown.rows, shown.columns, layout.port));
  }

  function pin(cell) {
    const pair = [shown.queries.units[cell[0]].tokens[0], shown.keys.units[cell[1]].tokens[0]];
    app.dispatch({ type: "pin", pin: pair });
  }

  const inPlot = (event) => {
    const [x, y] = pointerPosition(event, area);
    return [x - layout.left, y - layout.top];
  };
  attachGestures(area, {
    hover: (event) => point(cellAt(layout.port, ...inPlot(event))),
    leave: () => point(null),
    tap: (event) => {
      const cell = cellAt(layout.port, ...inPlot(event));
      point(cell);
      if (cell) pin(cell);
    },
    canDrag: () => layout.port.zoom > 1,
    drag: (dx, dy) => look(panned(layout.port, -dx, -dy)),
    zoom: (factor, event) => zoomBy(factor, ...inPlot(event)),
  });

  area.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const from = cursor ?? pinned() ?? [0, 0];
    if (moves[event.key]) {
      const far = event.shiftKey ? 10 : 1;
      const bound = (value, below) => Math.min(below - 1, Math.max(0, value));
      const [down, right] = moves[event.key];
      moveTo(cursor || pinned() ? [bound(from[0] + down * far, shown.rows), bound(from[1] + right * far, shown.columns)] : from);
    } else if (event.key === "Home") moveTo([from[0], 0]);
    else if (event.key === "End") moveTo([from[0], shown.columns - 1]);
    else if ((event.key === "Enter" || event.key === " ") && cursor) pin(cursor);
    else if (event.key === "Escape") point(null);
    else if (event.key === "+" || event.key === "=") zoomBy(STEP);
    else if (event.key === "-") zoomBy(1 / STEP);
    else if (event.key === "0") zoomBy(0);
    else return;
    consume(event);
  });

  function moveTo(cell) {
    const port = revealing(layout.port, ...cell);
    if (port.x !== layout.port.x || port.y !== layout.port.y) look(port);
    point(cell);
    spoken.setAttribute("aria-rowindex", cell[0] + 1);
    spoken.setAttribute("aria-colindex", cell[1] + 1);
    app.announce(app.cellText(describe(cell)), 120);
  }

  return {
    root,
    tools,
    render(picture, state, before, changes) {
      shown = picture;
      const key = `${app.theme.name}.${state.scale}`;
      if (lut.key !== key) lut = { key, table: makeLut(app.theme.name, state.scale) };
      for (const [name, button] of Object.entries(buttons)) {
        button.title = app.t(name);
        button.setAttribute("aria-label", button.title);
      }
      tools.setAttribute("aria-label", app.t("zoom_tools"));
      area.setAttribute("aria-label", app.t("map_label", { head: app.headText() }));
      area.setAttribute("aria-rowcount", shown.rows);
      area.setAttribute("aria-colcount", shown.columns);
      // Weights that merely came anew, in a rerun, have the same rows and columns: one is still where one was.
      if (app.mapId() !== mapId) cursor = null;
      mapId = app.mapId();
      paintCells(sheet, shown, lut.table);
      const sizes = !layout || changes.size || changes.theme || changes.axes || changes.shown;
      const begins = !layout;
      if (sizes && !measure()) return;
      if (begins) backToPlace();
      draw();
    },
  };
}
