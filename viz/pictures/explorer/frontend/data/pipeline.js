// From the weights and the selection to what is drawn. Kept apart from drawing, remembered by what it depends on.
// Weights here run from 0 to 1, the map's top; what a person reads is multiplied with it (formatting.js, formatWeight).

import { makeAxis, project } from "./merge.js";
import { chosen } from "./selection_state.js";
import { combine, keepCells, meanHidden } from "./weights.js";

export const FULL = 65535;

/** What of the selection holds for a map: lengths are no shares, so words and scaling to 1 mean nothing for them. */
export function selectionFor(state, map) {
  return map.quantity === "norm" ? { ...state, unit: "tokens", renormalise: false } : state;
}

/** The segments shown as [query side, key side] for a pair such as "AB"; null shows both texts. */
export function segmentsOf(pair) {
  const segment = { A: 0, B: 1 };
  return pair === "all" ? [null, null] : [segment[pair[0]], segment[pair[1]]];
}

function axes(attention, state) {
  const number = attention.number(state.kind);
  const [from, to] = state.kind === "cross" ? [null, null] : segmentsOf(state.pair);
  const common = { unit: state.unit, hideSpecial: state.hide_special };
  const queries = makeAxis(attention.queries(number), { ...common, segment: from });
  const same = attention.maps[number].queries === attention.maps[number].keys && from === to;
  return { number, queries, keys: same ? queries : makeAxis(attention.keys(number), { ...common, segment: to }) };
}

/** Makes the pictures of one payload; keeps the last axes and the last picture. */
export function makePipeline(attention) {
  let axesKey = null;
  let currentAxes = null;

  const mapOf = (state) => attention.maps[attention.number(state.kind)];

  function sides(selection) {
    const state = selectionFor(selection, mapOf(selection));
    const key = JSON.stringify([state.kind, state.unit, state.hide_special, state.pair]);
    if (key !== axesKey) {
      currentAxes = axes(attention, state);
      axesKey = key;
    }
    return currentAxes;
  }

  function projected(state, [layer, head]) {
    const { number, queries, keys } = sides(state);
    const weights = attention.head(number, layer, head);
    if (!weights) return weights;
    const { renormalise } = selectionFor(state, mapOf(state));
    return project(weights, queries, keys, FULL, renormalise, mapOf(state).quantity === "norm");
  }

  /** The picture of several heads as one: {rows, columns, queries, keys, values, keep, hidden} or null. */
  function picture(state, heads) {
    const { queries, keys } = sides(state);
    const parts = heads.map((head) => projected(state, head));
    if (parts.some((part) => part === null)) return null;
    const rows = queries.units.length;
    const columns = keys.units.length;
    const values = combine(parts.map((part) => part.values), state.combine);
    const hidden = parts.reduce((sum, part) => sum + meanHidden(part.hidden), 0) / parts.length;
    const keep = keepCells(values, rows, columns, state.threshold, state.level);
    return { rows, columns, queries, keys, values, keep, hidden, heads };
  }

  let shownKey = null;
  let shown = null;

  return {
    sides,
    /** What the map, the sentence and the table show. */
    shown(state) {
      const heads = state.combine === "one" ? [[state.layer, state.head]] : chosen(state);
      const { kind, unit, hide_special, renormalise, combine: method, threshold, level, pair } = state;
      const key = JSON.stringify([heads, kind, unit, hide_special, renormalise, method, threshold, level, pair]);
      if (key !== shownKey || shown === null) {
        shown = picture(state, heads);
        shownKey = key;
      }
      return shown;
    },
    /** One picture a chosen head, for lines in several colours. */
    perHead(state) {
      if (state.combine !== "one") return [this.shown(state)];
      return chosen(state).map((head) => picture(state, [head]));
    },
    /** Forget the last picture: a layer has arrived. */
    refresh() {
      shownKey = null;
    },
  };
}
