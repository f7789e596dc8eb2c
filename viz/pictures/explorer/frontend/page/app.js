// The explorer of one page: holds the selection, passes it to the views, and talks with Python.

import { makeAtlas } from "../views/atlas.js";
import { makeControls } from "./controls.js";
import { makeFrame } from "./frame.js";
import { makeLegend } from "../views/legend.js";
import { LinesView } from "../views/lines.js";
import { MapView } from "../views/map.js";
import { makePipeline } from "../data/pipeline.js";
import { makeSentence } from "../views/sentence.js";
import { chosen, equal, fit, reduce } from "../data/selection_state.js";
import { makeTable } from "../views/table.js";
import { readTheme } from "./theme.js";
import { shortcut } from "./shortcuts.js";
import { translate } from "../views/dom.js";
import { formatWeight, makeWords } from "../views/formatting.js";

const DEBOUNCE = 300;
const MEASURE = "explorer:key-to-drawn";
const ALL = { words: true, theme: true, size: true, layers: true, axes: true, shown: true, payload: true };
const AXES = ["kind", "unit", "hide_special", "pair"];

/** The explorer inside `parent` (a shadow root), meeting its data at `exchange`. */
export class App {
  constructor(parent, exchange) {
    this.exchange = exchange;
    this.state = {}; // until there is something to show
    this.attention = null;
    this.choosing = false;
    this.sent = 0;
    this.link = null;
    this.parent = parent;
    this.strings = null;
    this.theme = null;
    this.atlas = makeAtlas(this);
    this.controls = makeControls(this);
    this.legend = makeLegend(this);
    this.views = { map: new MapView(this), sentence: makeSentence(this), lines: new LinesView(this), table: makeTable(this) };
    this.frame = makeFrame(this);
    parent.append(this.frame.root);
    this.frame.root.addEventListener("keydown", (event) => shortcut(this, event));
    this.stopListening = exchange.listen((event) => this.onEvent(event));
    this.resizeObserver = new ResizeObserver(() => this.resized());
    this.resizeObserver.observe(this.frame.root);
  }

  /** Called on each rerun, change of theme and change of language. */
  update({ data, setStateValue }) {
    this.setStateValue = setStateValue;
    this.key = data?.key;
    const strings = JSON.stringify(data?.strings ?? {});
    const theme = readTheme(this.frame.root);
    const changes = { words: strings !== this.strings, theme: JSON.stringify(theme) !== JSON.stringify(this.theme) };
    this.strings = strings;
    this.t = makeWords(data?.strings ?? {});
    this.theme = theme;
    if (changes.words) translate(this.parent, this.t);
    this.frame.root.dataset.theme = theme.name;
    if (this.attention === null) this.connect();
    else if (changes.words || changes.theme) this.render(this.state, changes);
  }

  onEvent(event) {
    if (event.type === "error") this.frame.fail(event);
    else if (event.type === "link" && event.key === this.key) this.connect();
    else if (event.type === "payload" && event.id === this.link?.show) this.connect();
    else if (event.type === "layers" && event.id === this.attention?.id) {
      this.pipeline.refresh();
      this.render(this.state, { layers: true });
    }
  }

  /** Take up what Python says: which text, and what is picked. What a person just did here is newer, and stays. */
  connect() {
    const link = this.exchange.linkOf(this.key);
    this.link = link;
    const attention = link && this.exchange.attention(link.show);
    if (!attention) {
      if (this.exchange.failure()) this.frame.fail(this.exchange.failure());
      else this.frame.wait(this.attention === null);
      return;
    }
    const fresh = attention !== this.attention;
    const stale = link.seq < this.sent || this.timer !== undefined;
    this.sent = Math.max(this.sent, link.seq);
    const before = this.state;
    const sameText = attention.textId === this.attention?.textId;
    const kept = sameText ? before : { ...before, tokens: [], pin: null };
    this.attention = attention;
    if (fresh) this.pipeline = makePipeline(attention);
    this.state = fit(stale ? kept : link.selection, attention);
    if (fresh || this.frame.failing() || !equal(this.state, before)) this.render(before, fresh ? ALL : {});
  }

  /** A person did something: change, draw at once, tell Python a little later. */
  dispatch(action, event = null) {
    const before = this.state;
    this.state = reduce(before, action, this.attention);
    if (this.state === before) return;
    this.render(before, {});
    if (event?.type === "keydown") {
      performance.clearMeasures(MEASURE); // the browser would keep them all
      performance.measure(MEASURE, { start: event.timeStamp, end: performance.now() });
      this.announce(this.headText(), 300);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), DEBOUNCE);
  }

  send() {
    this.timer = undefined;
    this.sent += 1;
    this.setStateValue("selection", { ...this.state, of: this.attention.id, seq: this.sent });
  }

  render(before, causes) {
    const { state } = this;
    const first = causes.payload;
    const axes = first || AXES.some((field) => state[field] !== before[field]);
    const changes = { ...causes, axes, shown: state.view !== before.view };
    const number = this.attention.number(state.kind);
    this.exchange.lookAt(this.attention.id, number, state.layer);
    const shown = this.pipeline.shown(state);
    this.frame.render(state, shown);
    this.atlas.render(state, first ? null : before, changes);
    this.controls.render(state, shown);
    const scale = ["kind", "scale", "threshold", "level", "view", "heads", "combine"];
    if (Object.keys(causes).length || scale.some((field) => state[field] !== before[field])) this.legend.render(state);
    const ready = shown !== null && shown.rows > 0 && shown.columns > 0;
    if (ready) this.views[state.view].render(shown, state, before, changes);
  }

  resized() {
    const { clientWidth } = this.frame.root;
    if (!this.attention || !clientWidth || clientWidth === this.width) return;
    this.width = clientWidth;
    this.render(this.state, { size: true });
  }

  /** "Layer 3 · Head 5", or what stands for several heads, with the entropy where it is known. */
  headText() {
    const { state } = this;
    if (state.combine === "one") return this.atlas.headName(state);
    return this.t(`of_heads_${state.combine}`, { count: chosen(state).length });
  }

  /** What tells the map that is shown from any other: the texts, and which of their units are its rows and columns. */
  mapId() {
    return JSON.stringify([this.attention.textId, ...AXES.map((field) => this.state[field])]);
  }

  /** The map that is shown: its kind, its size, what its numbers are. */
  map() {
    return this.attention.maps[this.attention.number(this.state.kind)];
  }

  /** The words of `key` for the quantity shown, which has its own where attention's would be wrong. */
  quantityText(key, values) {
    return this.t(this.map().quantity === "norm" ? `${key}_norm` : key, values);
  }

  /** A weight 0..1 as a person reads it. */
  formatWeight(weight) {
    return formatWeight(weight, this.map());
  }

  /** Spoken by screen readers, once things have been still for `wait` ms. */
  announce(text, wait = 0) {
    clearTimeout(this.speech);
    this.speech = setTimeout(() => {
      this.frame.live.textContent = text;
    }, wait);
  }

  focused() {
    return this.parent.activeElement ?? document.activeElement;
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.speech);
    this.stopListening();
    this.resizeObserver.disconnect();
    this.attention = null;
    this.pipeline = null;
    this.frame.root.remove();
  }
}
