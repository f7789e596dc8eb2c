// Rows of coloured cells, one a dimension: blue below 0, orange above, the stronger the larger.
// Labels are text nodes; cells are drawn on a canvas a row, so that thousands of them cost little.

const LEAST = 2;
// Below 0 and above, on a light page and on a dark one.
const COLOURS = { light: ["37, 99, 235", "217, 119, 6"], dark: ["127, 178, 255", "255, 176, 102"] };
const KEYS = { ...ARROWS, PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -1e6], End: [0, 1e6] };

// A canvas for a vector, whose colours end at `limit`.
const strip = (values, limit) => {
  const canvas = Object.assign(element("canvas"), { values, limit });
  canvas.style.height = "16px"; // a canvas is large until it is drawn on, and would bring a scroll bar
  return canvas;
};

const number = (value) => {
  if (!Number.isFinite(value)) return "−∞";
  const size = Math.abs(value);
  const said = size !== 0 && size < 0.001 ? value.toExponential(1) : value.toFixed(size < 10 ? 3 : 1);
  return said.replace("-", "−");
};

const fill = (template, values) =>
  template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

function colours(root) {
  const ink = getComputedStyle(root).color;
  const parts = (ink.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
  const [less, more] = COLOURS[parts.reduce((sum, each) => sum + each, 0) > 384 ? "dark" : "light"];
  root.style.setProperty("--less", `rgb(${less})`);
  root.style.setProperty("--more", `rgb(${more})`);
  return { ink, less, more };
}

function paint(canvas, wide, high, mark, { ink, less, more }) {
  const { values, limit } = canvas;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(values.length * wide * ratio);
  canvas.height = Math.round(high * ratio);
  canvas.style.width = `${values.length * wide}px`;
  canvas.style.height = `${high}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  values.forEach((value, at) => {
    const share = Math.min(1, Math.abs(value) / limit);
    pen.fillStyle = `rgba(${value < 0 ? less : more}, ${share})`;
    pen.fillRect(at * wide, 0, wide - (wide > 4 ? 1 : 0), high);
  });
  pen.strokeStyle = ink;
  if (mark >= 0) {
    pen.lineWidth = 2;
    pen.strokeRect(mark * wide + 0.5, 1, Math.max(wide - 1, 2), high - 2);
  } else {
    pen.globalAlpha = 0.25;
    pen.lineWidth = 1;
    pen.strokeRect(0.5, 0.5, values.length * wide - 1, high - 1);
  }
}

// A cell of the table around a canvas, or empty where there is none.
function around(tag, canvas, ...before) {
  const cell = element(tag, tag === "td" ? "cell" : "");
  cell.append(...before, ...(canvas ? [canvas] : []));
  return cell;
}

// A row of the table: its name, a canvas for each of its vectors, and its numbers.
function rowOf(row, blocks, kind) {
  const line = element("tr", kind);
  const name = element("th", "name", row.name);
  name.title = row.name;
  const canvases = row.cells.map((values, block) => values && strip(values, blocks[block].limit));
  const numbers = row.numbers.map((text) => element("td", "number", text));
  line.append(name, ...canvases.map((canvas) => around("td", canvas)), ...numbers);
  return { ...row, line, canvases };
}

function build(root, data, state, choose) {
  const table = element("table");
  const top = table.createTHead().insertRow();
  const tops = data.blocks.map((block) => block.top && strip(block.top, block.limit));
  state.tops = tops.filter(Boolean);
  top.append(
    element("th", "name", data.corner),
    ...tops.map((canvas, block) => around("th", canvas, element("div", "", data.blocks[block].title))),
    ...data.numbers.map((title) => element("th", "", title)),
  );
  const body = table.createTBody();
  state.rows = data.rows.map((row, at) => {
    const built = rowOf(row, data.blocks, at === data.chosen ? "chosen" : "");
    built.canvases.forEach((canvas) => {
      canvas.onpointermove = canvas.onpointerdown = (event) => {
        const box = canvas.getBoundingClientRect();
        state.go(at, Math.floor(((event.clientX - box.left) / box.width) * canvas.values.length));
      };
    });
    built.line.onclick = () => choose(at);
    body.append(built.line);
    return built;
  });
  if (data.foot) table.createTFoot().append(rowOf(data.foot, data.blocks, "").line);
  const scroll = root.querySelector(".scroll");
  scroll.replaceChildren(table);
  scroll.setAttribute("aria-label", data.label);
  const key = root.querySelector(".key");
  key.replaceChildren(element("span", "", data.scale.less), element("i"), element("span", "", data.scale.more));
}

// The widest cells with which the whole table fits the page; where none do, the least ones, and it scrolls.
function widest(scroll, most) {
  const canvases = [...scroll.querySelectorAll("canvas")];
  for (let wide = most; wide > LEAST; wide -= 1) {
    canvases.forEach((canvas) => { canvas.style.width = `${canvas.values.length * wide}px`; });
    if (scroll.scrollWidth <= scroll.clientWidth) return wide;
  }
  return LEAST;
}

function layout(root, data, state) {
  const scroll = root.querySelector(".scroll");
  const wide = widest(scroll, data.large ? 18 : 12);
  const inks = colours(root);
  state.paint = (canvases, mark) => canvases.forEach((canvas) => paint(canvas, wide, data.large ? 22 : 16, mark, inks));
  state.paint(scroll.querySelectorAll("canvas"), -1);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cells");
  const scroll = root.querySelector(".scroll");
  const said = root.querySelector(".said");
  const state = (root.state ??= { at: -1, dim: 0 });
  root.classList.toggle("large", data.large);
  const choose = (at) => setTriggerValue("picked", data.rows[at].at);
  state.go = (at, dim) => {
    const before = state.at;
    state.at = Math.min(state.rows.length - 1, Math.max(0, at));
    const row = state.rows[state.at];
    if (!row) return;
    state.dim = Math.min(row.cells[0].length - 1, Math.max(0, dim));
    if (before >= 0 && before !== state.at) state.paint(state.rows[before].canvases, -1);
    state.paint([...row.canvases, ...state.tops], state.dim);
    const { top } = data.blocks[0];
    said.textContent = fill(data.readout, {
      token: row.name, dim: state.dim + 1, dims: row.cells[0].length, q: top ? number(top[state.dim]) : "",
      a: number(row.cells[0][state.dim]), b: number(row.cells[1][state.dim]), sum: row.sum ?? "",
    });
  };
  build(root, data, state, choose);
  layout(root, data, state);
  state.at = -1;
  said.textContent = data.hint;
  scroll.onkeydown = (event) => {
    const step = KEYS[event.key];
    if (step) {
      event.preventDefault();
      if (state.at < 0) state.go(Math.max(0, data.chosen), 0);
      else state.go(state.at + step[0], state.dim + step[1]);
      state.rows[state.at].line.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Enter" && state.at >= 0) {
      event.preventDefault();
      choose(state.at);
    }
  };
  state.watch?.disconnect();
  let width = root.clientWidth;
  state.watch = new ResizeObserver(() => {
    if (Math.abs(root.clientWidth - width) < 2) return;
    width = root.clientWidth;
    layout(root, data, state);
  });
  state.watch.observe(root);
  // The theme may change without new data.
  state.theme?.removeEventListener("change", state.redraw);
  state.redraw = () => layout(root, data, state);
  state.theme = window.matchMedia("(prefers-color-scheme: dark)");
  state.theme.addEventListener("change", state.redraw);
  return () => {
    state.watch?.disconnect();
    state.theme?.removeEventListener("change", state.redraw);
  };
}
