// Matrices with the arithmetic of one cell written out below them. The pointer or the arrow keys choose the cell; the
// row and the column that it comes from are marked. All words and numbers arrive as data, and are text nodes only.

const TAGS = { up: "sup", down: "sub" };

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".board");
  // The selected cell stays the same when its numbers change.
  const chosen = (root.chosen ??= {});
  const focused = root.getRootNode().activeElement?.closest?.("[data-equation]")?.dataset.equation;
  root.classList.toggle("large", data.large);
  root.setAttribute("aria-label", data.label);
  root.replaceChildren(...data.groups.map((group) => section(group, chosen, data.large)));
  if (focused) root.querySelector(`[data-equation="${focused}"] td[tabindex="0"]`)?.focus();
}

function section(group, chosen, large) {
  const found = element("section", "");
  // Presented, there is no other heading between the title of the page and this one.
  found.append(element(large ? "h2" : "h3", "", group.title), element("p", "says", group.says));
  found.append(...group.equations.map((equation) => drawn(equation, chosen)));
  return found;
}

function drawn(equation, chosen) {
  const box = element("div", "equation");
  box.dataset.equation = equation.id;
  const line = element("div", "parts");
  const tables = equation.parts.map((part) => (part.symbol ? null : table(part)));
  const drawnParts = equation.parts.map((part, index) => (part.symbol ? symbol(part.symbol) : tables[index].figure));
  const ending = element("div", "ending");
  ending.append(...drawnParts.slice(-2));
  line.append(...drawnParts.slice(0, -2), ending);
  const sum = element("p", "sum");
  const result = equation.parts.at(-1);
  const cells = tables.at(-1).cells;
  tables.at(-1).figure.classList.add("result");
  tables.at(-1).figure.querySelector("table").setAttribute("role", "grid");

  const show = (row, column) => {
    chosen[equation.id] = [row, column];
    equation.parts.forEach((part, index) => tables[index] && mark(part, tables[index].cells, row, column));
    cells.flat().forEach((cell) => (cell.tabIndex = -1));
    cells[row][column].tabIndex = 0;
    cells[row][column].classList.add("here");
    sum.replaceChildren(...written(nameOf(result, row, column), result.sums[row][column]));
  };
  cells.forEach((cellsOfRow, row) =>
    cellsOfRow.forEach((cell, column) => {
      cell.setAttribute("aria-label", spoken(nameOf(result, row, column), result.sums[row][column]));
      cell.onpointerenter = cell.onfocus = () => show(row, column);
      cell.onclick = () => cell.focus();
      cell.onkeydown = (event) => {
        const next = moved(event.key, row, column, cells);
        if (!next) return;
        event.preventDefault();
        cells[next[0]][next[1]].focus();
      };
    }),
  );
  const [row, column] = chosen[equation.id] ?? [0, Math.min(1, cells[0].length - 1)];
  show(Math.min(row, cells.length - 1), Math.min(column, cells[0].length - 1));
  box.append(line, sum);
  return box;
}

function moved(key, row, column, cells) {
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, cells[row].length - 1];
  if (!(key in ARROWS)) return null;
  const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
  return [within(row + ARROWS[key][0], cells.length), within(column + ARROWS[key][1], cells[row].length)];
}

function mark(part, cells, row, column) {
  cells.forEach((cellsOfRow, atRow) =>
    cellsOfRow.forEach((cell, atColumn) => {
      const used =
        (part.by === "row" && atRow === row) ||
        (part.by === "column" && atColumn === column) ||
        (part.by === "cell" && atRow === row && atColumn === column);
      cell.classList.remove("here", "left", "right");
      if (used) cell.classList.add(part.side);
    }),
  );
}

function table(part) {
  const figure = element("figure", "matrix");
  const caption = element("figcaption", "");
  caption.append(...pieces(part.title));
  const scroll = element("div", "scroll");
  const grid = element("table", "");
  grid.setAttribute("aria-label", part.label);
  const head = grid.createTHead().insertRow();
  head.append(element("td", "corner"), ...part.columns.map((name) => header(name, "col")));
  const body = grid.createTBody();
  const cells = part.cells.map((texts, row) => {
    const line = body.insertRow();
    line.append(header(part.rows[row], "row"));
    return texts.map((text, column) => {
      const cell = element("td", "", text);
      // At most 40%: in either theme the number stays legible on either colour (a contrast of 4.5 and more).
      cell.style.setProperty("--share", `${Math.round(Math.abs(part.shades[row][column]) * 40)}%`);
      if (part.shades[row][column] < 0) cell.dataset.sign = "minus";
      line.append(cell);
      return cell;
    });
  });
  scroll.append(grid);
  figure.append(caption, scroll);
  return { figure, cells };
}

function header(name, scope) {
  const found = element("th", "", name);
  found.scope = scope;
  found.title = name;
  return found;
}

function symbol(text) {
  const found = element("span", "symbol", text);
  found.setAttribute("aria-hidden", "true");
  return found;
}

function nameOf(result, row, column) {
  return `${result.name}[${result.rows[row]}, ${result.columns[column]}]`;
}

function written(name, lines) {
  return lines.map((line, index) => {
    const found = element("span", "line");
    if (index === 0) found.append(element("strong", "", name), " = ");
    found.append(...pieces(line));
    return found;
  });
}

function spoken(name, lines) {
  const said = lines.map((line) => line.map(([text, kind]) => (kind === "up" ? ` ^ ${text} ` : text)).join(""));
  return `${name} = ${said.join(" ")}`;
}

function pieces(line) {
  return line.map(([text, kind]) => element(TAGS[kind] ?? "span", TAGS[kind] ? "" : kind, text));
}
