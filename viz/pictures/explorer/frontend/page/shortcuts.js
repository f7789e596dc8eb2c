// Keys that work anywhere in the explorer, except where a person writes.

const VIEW_KEYS = { m: "map", s: "sentence", l: "lines", n: "table" };

/** Handle a key pressed in `app`, where it is one of ours; the page's own shortcuts do not hear it then. */
export function shortcut(app, event) {
  if (!app.attention || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const action = actionFor(app, event.key, event.target);
  event.stopPropagation(); // a bare letter would otherwise rerun the page or clear its cache
  if (!action) return;
  event.preventDefault();
  app.dispatch(action, event);
}

function actionFor(app, key, target) {
  const { state } = app;
  if (target.tagName === "SELECT") return null;
  const set = (fields) => ({ type: "set", fields });
  if (VIEW_KEYS[key]) return set({ view: VIEW_KEYS[key] });
  switch (key) {
    case "[":
      return { type: "step", heads: -1 };
    case "]":
      return { type: "step", heads: 1 };
    case "{":
      return { type: "step", layers: -1 };
    case "}":
      return { type: "step", layers: 1 };
    case "w":
      return app.map().quantity === "norm" ? null : set({ unit: state.unit === "words" ? "tokens" : "words" });
    case "x":
      return set({ hide_special: !state.hide_special });
    case "d":
      return set({ direction: state.direction === "from" ? "to" : "from" });
    case "Escape":
      return state.tokens.length ? { type: "unlock" } : null;
    default:
      return null;
  }
}
