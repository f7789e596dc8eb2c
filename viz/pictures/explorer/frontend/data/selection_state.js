// What is picked: a plain object with the fields of selection.py, as it comes from Python, and what changes it.

const LEVELS = { none: 0, absolute: 0.05, top: 3, mass: 0.9 };
const MOST_TOKENS = 64;

/** A selection kept within the maps of `attention`. */
export function fit(selection, attention) {
  const state = { ...selection };
  const map = attention.maps[attention.number(state.kind)];
  const { rows, columns } = map;
  const most = pointedSide(state) === "queries" ? rows : columns;
  state.kind = map.kind;
  state.layer = clamp(state.layer, map.layers);
  state.head = clamp(state.head, map.heads);
  state.heads = state.heads.filter(([layer, head]) => layer < map.layers && head < map.heads);
  state.tokens = state.tokens.filter((token) => token < most);
  if (state.pin && !(state.pin[0] < rows && state.pin[1] < columns)) state.pin = null;
  return state;
}

/** A whole number brought between 0 and `below` - 1. */
export function clamp(value, below) {
  return Math.min(Math.max(0, value), below - 1);
}

// What each action changes; `fit` keeps it within the map.
const ACTIONS = {
  pick: (state, { layer, head }) => ({ layer, head }),
  step: (state, { layers = 0, heads = 0 }) => ({ layer: state.layer + layers, head: state.head + heads }),
  toggleHead: (state, { layer, head }) => ({ heads: toggled(chosen(state), [layer, head]) }),
  chooseHeads: (state, { heads }) => ({ heads }),
  lock: (state, { token }) => ({ tokens: toggled(state.tokens, token).slice(-MOST_TOKENS) }),
  unlock: () => ({ tokens: [] }),
  pin: (state, { pin }) => ({ pin: same(state.pin, pin) ? null : pin }),
  set: (state, { fields }) => withConsequences(state, fields),
};

/** The next state after an action {type, ...}; the same object where nothing changes. */
export function reduce(state, action, attention) {
  const next = fit({ ...state, ...ACTIONS[action.type](state, action) }, attention);
  return equal(state, next) ? state : next;
}

/** Whether two selections are the same in every field. */
export function equal(a, b) {
  return Object.keys(a).every((name) => same(a[name], b[name]));
}

function same(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function withConsequences(state, fields) {
  const next = { ...fields };
  // Locked tokens are queries or keys; on a map with two texts they mean nothing on the other side.
  if (next.kind && next.kind !== state.kind) Object.assign(next, { tokens: [], pin: null, heads: [] });
  if (next.direction && next.direction !== state.direction && state.kind === "cross") next.tokens = [];
  if (next.threshold && next.threshold !== state.threshold) next.level = LEVELS[next.threshold];
  return next;
}

/** The chosen heads; the picked one alone where none were chosen. */
export function chosen(state) {
  return state.heads.length ? state.heads : [[state.layer, state.head]];
}

/** The side whose tokens are pointed at and locked: "queries" or "keys". */
export function pointedSide(state) {
  return state.direction === "from" ? "queries" : "keys";
}

/** The shown units of that side in which a token is locked. */
export function lockedUnits(state, shown) {
  const { unitOf } = shown[pointedSide(state)];
  return new Set(state.tokens.map((token) => unitOf[token]).filter((unit) => unit >= 0));
}

function toggled(list, item) {
  const others = list.filter((other) => !same(other, item));
  return others.length < list.length ? others : [...list, item];
}
