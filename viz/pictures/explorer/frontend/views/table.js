// The numbers behind the picture as a real table: one token's row (or column), the largest weight first.

import { el } from "./dom.js";
import { descending, meanAlong } from "../data/weights.js";
import { pointedSide } from "../data/selection_state.js";
import { isolated } from "./formatting.js";

/** The table view of `app`: {root, render}. */
export function makeTable(app) {
  const select = el("select", { onchange: () => app.dispatch({ type: "set", fields: { tokens: [tokenOf(select.value)] } }) });
  const label = el("span");
  const caption = el("caption");
  const weight = el("th", { scope: "col" });
  const columns = ["rank", "token", "position"].map((name) => el("th", { scope: "col", say: `column_${name}` }));
  const body = el("tbody");
  const table = el("table", {}, caption, el("thead", {}, el("tr", {}, ...columns, weight)), body);
  const box = el("div.ax-table-box", { tabindex: "0", role: "region" }, table);
  const root = el("div.ax-table", {}, el("label.ax-field", {}, label, select), box);
  let shown = null;
  let listed = null;

  const active = () => pointedSide(app.state);
  const tokenOf = (value) => shown[active()].units[Number(value)].tokens[0];

  function pickedUnit() {
    const { unitOf } = shown[active()];
    const [locked] = app.state.tokens.slice(-1);
    const pinned = app.state.pin?.[active() === "queries" ? 0 : 1];
    const token = [locked, pinned].find((candidate) => candidate !== undefined && unitOf[candidate] >= 0);
    return token === undefined ? 0 : unitOf[token];
  }

  function fill(index) {
    const others = shown[active() === "queries" ? "keys" : "queries"].units;
    const { weights, kept } = meanAlong(shown, app.state.direction, [index]);
    weight.textContent = app.quantityText("column_weight");
    body.replaceChildren(
      ...descending(weights).map((other, place) =>
        el(
          kept[other] ? "tr" : "tr.below",
          {},
          el("td", { text: String(place + 1) }),
          el("th", { scope: "row", text: others[other].label }),
          el("td", { text: String(others[other].first + 1) }),
          el("td", { text: app.formatWeight(weights[other]) }),
        ),
      ),
    );
  }

  return {
    root,
    render(picture, state) {
      shown = picture;
      const side = active();
      const key = [app.attention.id, side, state.kind, state.unit, state.hide_special, state.pair].join();
      label.textContent = app.t(side === "queries" ? "table_query" : "table_key");
      if (key !== listed) {
        listed = key;
        select.replaceChildren(
          ...shown[side].units.map((unit, index) => el("option", { value: index, text: `${unit.first + 1}  ${isolated(unit.label)}` })),
        );
      }
      const index = pickedUnit();
      select.value = String(index);
      const token = shown[side].units[index]?.label ?? "";
      caption.textContent = app.t(side === "queries" ? "table_from" : "table_to", { token, head: app.headText() });
      box.setAttribute("aria-label", caption.textContent);
      if (shown.rows && shown.columns) fill(index);
    },
  };
}
