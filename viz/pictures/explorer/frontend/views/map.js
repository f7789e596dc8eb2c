// The picked head's map: query rows, key columns, with a crosshair, zoom, pan and a pinned cell.

import { CanvasView } from "./canvas_view.js";
import { makeLut } from "./colours.js";
import { el, fitCanvas, icon } from "./dom.js";
import { ARROWS, chooses, pointerPosition } from "./gestures.js";
import { setLetters, widestLabel } from "./labels.js";
import { drawMap, drawOverlay, paintCells } from "./map_drawing.js";
import { clamp } from "../data/selection_state.js";
import { rankInRow } from "../data/weights.js";
import { cellAt, cellSize, fitPlot, makeViewport, mostZoom, panned, resized, revealing, zoomed } from "./viewport.js";

const STEP = 1.5;
const EDGE = 8; // room beside the last cell, so that its highlighted label is whole

/** The map of `app`. Its places are cells, [row, column]. */
export class MapView extends CanvasView {
  constructor(app) {
    const area = el("div.ax-map-area", { role: "grid", tabindex: "0" });
    super(app, area, area, {
      canDrag: () => this.layout.port.zoom > 1,
      drag: (dx, dy) => this.look(panned(this.layout.port, -dx, -dy)),
      zoom: (factor, event) => this.zoomBy(factor, this.inPlot(event)),
    });
    this.area = area;
    this.base = el("canvas");
    this.over = el("canvas.ax-over");
    this.spoken = el("div.ax-hidden", { role: "gridcell" });
    area.append(this.base, this.over, el("div.ax-hidden", { role: "row" }, this.spoken));
    const button = (tip, factor, path, name = "button") =>
      el(name, { type: "button", tip, onclick: () => this.zoomBy(factor) }, icon(path));
    this.buttons = {
      in: button("zoom_in", STEP, "M8 3v10M3 8h10"),
      out: button("zoom_out", 1 / STEP, "M3 8h10", "button.ax-less"),
      reset: button("zoom_reset", 0, "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3"),
    };
    this.tools = el("div.ax-tools", { role: "group", label: "zoom_tools" }, ...Object.values(this.buttons));
    this.root = el("div.ax-map", {}, area);
    this.sheet = document.createElement("canvas");
    this.shown = this.layout = this.mapId = null;
    this.lut = { key: null, table: null };
  }

  render(picture, state, before, changes) {
    const { app, area } = this;
    this.shown = picture;
    const key = `${app.theme.name}.${state.scale}`;
    if (this.lut.key !== key) this.lut = { key, table: makeLut(app.theme.name, state.scale) };
    area.setAttribute("aria-label", app.t("map_label", { head: app.headText() }));
    area.setAttribute("aria-rowcount", picture.rows);
    area.setAttribute("aria-colcount", picture.columns);
    // Weights that merely came anew, in a rerun, have the same rows and columns: one is still where one was.
    if (app.mapId() !== this.mapId) this.pointed = null;
    this.mapId = app.mapId();
    paintCells(this.sheet, picture, this.lut.table);
    const begins = !this.layout;
    if ((begins || changes.size || changes.theme || changes.axes || changes.shown) && !this.measure()) return;
    if (begins) this.backToPlace();
    this.draw();
  }

  measure() {
    const room = this.root.clientWidth;
    if (!room) return false;
    const { queries, keys, rows, columns } = this.shown;
    const small = room < 480;
    const size = small ? 11 : room > 1400 ? 15 : room > 900 ? 13 : 12;
    const context = this.base.getContext("2d");
    setLetters(context, this.app.theme, size);
    const most = small ? 76 : 132;
    const widest = widestLabel(context, keys);
    const left = Math.ceil(Math.min(most, widestLabel(context, queries) + 12));
    const height = Math.max(280, Math.min(room, 0.74 * globalThis.innerHeight));
    const plotBelow = (labels) => fitPlot(rows, columns, room - left - EDGE, height - labels);
    let top = Math.ceil(Math.min(most, widest + 12));
    const flat = widest + 6 <= plotBelow(top).width / columns;
    if (flat) top = 24;
    const before = this.layout?.port;
    const same = before && before.rows === rows && before.columns === columns;
    const port = same ? resized(before, plotBelow(top)) : makeViewport(rows, columns, plotBelow(top));
    this.layout = { left, top, port, flat, size };
    return true;
  }

  backToPlace() {
    const place = this.app.exchange.placeOf(this.app.key);
    if (place?.map !== this.mapId) return;
    this.layout.port = resized(place.port, this.layout.port);
    this.pointed = place.cursor;
  }

  draw() {
    const { left, top, port } = this.layout;
    const [width, height] = [left + port.width + EDGE, top + port.height + EDGE];
    drawMap(fitCanvas(this.base, width, height), this.sheet, this.shown, this.layout, this.app.theme);
    this.drawPointed();
    this.area.style.width = `${width}px`;
    this.area.style.height = `${height}px`;
    this.area.style.touchAction = port.zoom > 1 ? "none" : "pan-x pan-y";
    this.root.classList.toggle("zoomed", port.zoom > 1);
    this.buttons.reset.disabled = this.buttons.out.disabled = port.zoom === 1;
    this.buttons.in.disabled = port.zoom >= mostZoom(port);
  }

  drawPointed() {
    const { app, layout, pointed } = this;
    const { left, top, port } = layout;
    // Where one is on the map outlives the map itself, which Streamlit may take away and draw anew.
    app.exchange.keepPlace(app.key, { map: this.mapId, port, cursor: pointed });
    const context = fitCanvas(this.over, left + port.width + EDGE, top + port.height + EDGE);
    const pinned = this.pinned();
    drawOverlay(context, this.shown, layout, app.theme, pointed, pinned);
    const cell = pointed ?? pinned;
    app.frame.readCell(cell && this.describe(cell), !pointed && cell !== null);
  }

  pinned() {
    const { pin } = this.app.state;
    if (!pin) return null;
    const cell = [this.shown.queries.unitOf[pin[0]], this.shown.keys.unitOf[pin[1]]];
    return cell[0] < 0 || cell[1] < 0 ? null : cell;
  }

  describe([row, column]) {
    const { queries, keys, values, columns, keep } = this.shown;
    const index = row * columns + column;
    return {
      query: queries.units[row].label,
      key: keys.units[column].label,
      weight: this.app.formatWeight(values[index]),
      rank: rankInRow(values, columns, row, column),
      count: columns,
      below: keep !== null && !keep[index],
    };
  }

  look(port) {
    this.layout.port = port;
    this.draw();
  }

  /** Zoom by a factor, 0 to the whole map: about a point of the plot, else the cell one is on, else the middle. */
  zoomBy(factor, point = null) {
    const { port } = this.layout;
    const [w, h] = cellSize(port);
    const [row, column] = this.pointed ?? [];
    const cell = this.pointed && [(column + 0.5) * w - port.x, (row + 0.5) * h - port.y];
    const [x, y] = point ?? cell ?? [port.width / 2, port.height / 2];
    this.look(factor ? zoomed(port, factor, x, y) : makeViewport(port.rows, port.columns, port));
  }

  inPlot(event) {
    const [x, y] = pointerPosition(event, this.area);
    return [x - this.layout.left, y - this.layout.top];
  }

  placeAt(event) {
    return cellAt(this.layout.port, ...this.inPlot(event));
  }

  pick(cell) {
    this.point(cell);
    if (!cell) return;
    const pin = [this.shown.queries.units[cell[0]].tokens[0], this.shown.keys.units[cell[1]].tokens[0]];
    this.app.dispatch({ type: "pin", pin });
  }

  press({ key, shiftKey }) {
    const { rows, columns } = this.shown;
    const from = this.pointed ?? this.pinned();
    const [row, column] = from ?? [0, 0];
    if (ARROWS[key]) {
      const [down, right] = from ? ARROWS[key] : [0, 0];
      const far = shiftKey ? 10 : 1;
      this.moveTo([clamp(row + down * far, rows), clamp(column + right * far, columns)]);
    } else if (key === "Home") this.moveTo([row, 0]);
    else if (key === "End") this.moveTo([row, columns - 1]);
    else if (chooses(key) && this.pointed) this.pick(this.pointed);
    else if (key === "Escape") this.point(null);
    else if (key === "+" || key === "=") this.zoomBy(STEP);
    else if (key === "-") this.zoomBy(1 / STEP);
    else if (key === "0") this.zoomBy(0);
    else return false;
    return true;
  }

  moveTo(cell) {
    const { app } = this;
    const port = revealing(this.layout.port, ...cell);
    if (port.x !== this.layout.port.x || port.y !== this.layout.port.y) this.look(port);
    this.point(cell);
    this.spoken.setAttribute("aria-rowindex", cell[0] + 1);
    this.spoken.setAttribute("aria-colindex", cell[1] + 1);
    const { below, ...words } = this.describe(cell);
    app.announce(app.quantityText("cell", words) + (below ? ` ${app.t("cell_below")}` : ""), 120);
  }
}
