// What is picked: a plain object with the fields of selection.py, and the one function that changes it.

const DEFAULTS = {
  kind: "encoder",
  layer: 0,
  head: 0,
  heads: [],
  tokens: [],
  pin: null,
  view: "map",
  direction: "from",
  unit: "tokens",
  hide_special: false,
  renormalise: false,
  combine: "one",
  scale: "linear",
  threshold: "none",
  level: 0,
  pair: "all",
};

const LEVELS = { none: 0, absolute: 0.05, top: 3, mass: 0.9 };
const MOST_TOKENS = 64;

export function defaultSelection() {
  return { ...DEFAULTS, heads: [], tokens: [] };
}

/** `fields` over the defaults, kept within the maps of `attention`. */
export function fit(fields, attention) {
  const state = { ...defaultSelection(), ...fields };
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

function clamp(value, below) {
  return Math.min(Math.max(0, value), below - 1);
}

/** The next state after an action {type, ...}; the same object where nothing changes. */
export function reduce(state, action, attention) {
  switch (action.type) {
    case "pick":
      return changed(state, { layer: action.layer, head: action.head }, attention);
    case "step":
      return step(state, action, attention);
    case "toggleHead":
      return changed(state, { heads: toggledHead(chosen(state), [action.layer, action.head]) }, attention);
    case "chooseHeads":
      return changed(state, { heads: action.heads }, attention);
    case "lock":
      return changed(state, { tokens: toggledToken(state.tokens, action.token) }, attention);
    case "unlock":
      return changed(state, { tokens: [] }, attention);
    case "pin":
      return changed(state, { pin: same(state.pin, action.pin) ? null : action.pin }, attention);
    case "set":
      return changed(state, withConsequences(state, action.fields), attention);
    case "replace":
      return changed(state, action.state, attention);
    default:
      throw new Error(`unknown action ${action.type}`);
  }
}

function changed(state, fields, attention) {
  const next = fit({ ...state, ...fields }, attention);
  return equal(state, next) ? state : next;
}

/** Whether two selections are the same in every field. */
export function equal(a, b) {
  return Object.keys(DEFAULTS).every((name) => same(a[name], b[name]));
}

function same(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function step(state, { layers = 0, heads = 0 }, attention) {
  const map = attention.maps[attention.number(state.kind)];
  const layer = clamp(state.layer + layers, map.layers);
  const head = clamp(state.head + heads, map.heads);
  return changed(state, { layer, head }, attention);
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

function toggledHead(heads, pair) {
  const without = heads.filter((head) => !same(head, pair));
  return without.length < heads.length ? without : [...heads, pair];
}

function toggledToken(tokens, token) {
  if (tokens.includes(token)) return tokens.filter((other) => other !== token);
  return [...tokens, token].slice(-MOST_TOKENS);
}
