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

/** `compute(state)`, whose last result, unless it is null, is kept for as long as `keyOf(state)` is the same. */
function remembered(keyOf, compute) {
  let [key, result] = [null, null];
  const get = (state) => {
    const wanted = JSON.stringify(keyOf(state));
    if (wanted !== key || result === null) [key, result] = [wanted, compute(state)];
    return result;
  };
  return Object.assign(get, { forget: () => (key = null) });
}

/** Makes the pictures of one payload; keeps the last axes and the last picture. */
export function makePipeline(attention) {
  const mapOf = (state) => attention.maps[attention.number(state.kind)];

  const sidesOf = remembered(
    ({ kind, unit, hide_special, pair }) => [kind, unit, hide_special, pair],
    ({ kind, unit, hide_special, pair }) => {
      const { queries, keys } = attention.maps[attention.number(kind)];
      const [from, to] = kind === "cross" ? [null, null] : segmentsOf(pair);
      const axis = (text, segment) => makeAxis(attention.texts[text], { unit, hideSpecial: hide_special, segment });
      const rows = axis(queries, from);
      return { queries: rows, keys: queries === keys && from === to ? rows : axis(keys, to) };
    },
  );
  const sides = (state) => sidesOf(selectionFor(state, mapOf(state)));

  function projected(state, [layer, head]) {
    const { queries, keys } = sides(state);
    const weights = attention.head(attention.number(state.kind), layer, head);
    if (!weights) return null;
    const map = mapOf(state);
    return project(weights, queries, keys, FULL, selectionFor(state, map).renormalise, map.quantity === "norm");
  }

  /** The picture of several heads as one: {rows, columns, queries, keys, values, keep, hidden, heads} or null. */
  function picture(state, heads) {
    const { queries, keys } = sides(state);
    const parts = heads.map((head) => projected(state, head));
    if (parts.includes(null)) return null;
    const [rows, columns] = [queries.units.length, keys.units.length];
    const values = combine(parts.map((part) => part.values), state.combine);
    const hidden = parts.reduce((sum, part) => sum + meanHidden(part.hidden), 0) / parts.length;
    const keep = keepCells(values, rows, columns, state.threshold, state.level);
    return { rows, columns, queries, keys, values, keep, hidden, heads };
  }

  const shownHeads = (state) => (state.combine === "one" ? [[state.layer, state.head]] : chosen(state));
  const FIELDS = ["kind", "unit", "hide_special", "renormalise", "combine", "threshold", "level", "pair"];
  const shown = remembered(
    (state) => [shownHeads(state), ...FIELDS.map((field) => state[field])],
    (state) => picture(state, shownHeads(state)),
  );

  return {
    sides,
    /** What the map, the sentence and the table show. */
    shown,
    /** One picture a chosen head, for lines in several colours. */
    perHead: (state) => (state.combine === "one" ? chosen(state).map((head) => picture(state, [head])) : [shown(state)]),
    /** Forget the last picture: a layer has arrived. */
    refresh: shown.forget,
  };
}
