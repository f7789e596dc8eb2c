// Keys that work anywhere in the explorer, except where a person writes.

const set = (fields) => ({ type: "set", fields });

// What each key does, from the selection and the map that is shown; null where it does nothing now.
const ACTIONS = {
  m: () => set({ view: "map" }),
  s: () => set({ view: "sentence" }),
  l: () => set({ view: "lines" }),
  n: () => set({ view: "table" }),
  "[": () => ({ type: "step", heads: -1 }),
  "]": () => ({ type: "step", heads: 1 }),
  "{": () => ({ type: "step", layers: -1 }),
  "}": () => ({ type: "step", layers: 1 }),
  w: ({ unit }, { quantity }) => (quantity === "norm" ? null : set({ unit: unit === "words" ? "tokens" : "words" })),
  x: ({ hide_special }) => set({ hide_special: !hide_special }),
  d: ({ direction }) => set({ direction: direction === "from" ? "to" : "from" }),
  Escape: ({ tokens }) => (tokens.length ? { type: "unlock" } : null),
};

/** Handle a key pressed in `app`, where it is one of ours; the page's own shortcuts do not hear it then. */
export function shortcut(app, event) {
  if (!app.attention || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  event.stopPropagation(); // a bare letter would otherwise rerun the page or clear its cache
  const action = event.target.tagName === "SELECT" ? null : ACTIONS[event.key]?.(app.state, app.map());
  if (!action) return;
  event.preventDefault();
  app.dispatch(action, event);
}
