// Weights of a map [row, column]: several heads as one, what a threshold keeps, the strongest, and numbers read off it.

const FAINTEST = 0.005;
const MOST = 6000;

/** The mean or the largest of several maps [row, column] of one size; one map is itself. */
export function combine(maps, method) {
  if (maps.length === 1) return maps[0];
  const out = new Float32Array(maps[0].length);
  if (method === "max") {
    for (const map of maps) for (let i = 0; i < out.length; i++) if (map[i] > out[i]) out[i] = map[i];
    return out;
  }
  const sums = new Float64Array(out.length);
  for (const map of maps) for (let i = 0; i < sums.length; i++) sums[i] += map[i];
  for (let i = 0; i < sums.length; i++) out[i] = sums[i] / maps.length;
  return out;
}

/**
 * Which cells a threshold keeps, as Uint8Array [row, column]; null when it keeps all.
 * "absolute": weight >= level. "top": the `level` largest of each row, the earlier key on a tie.
 * "mass": the fewest largest of each row that together hold at least `level` of the row's sum.
 */
export function keepCells(values, rows, columns, threshold, level) {
  if (threshold === "none") return null;
  const keep = new Uint8Array(values.length);
  if (threshold === "absolute") {
    for (let i = 0; i < values.length; i++) keep[i] = values[i] >= level ? 1 : 0;
    return keep;
  }
  const order = new Uint32Array(columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const line = values.subarray(start, start + columns);
    for (let k = 0; k < columns; k++) order[k] = k;
    order.sort((a, b) => line[b] - line[a] || a - b);
    const count = threshold === "top" ? Math.min(level, columns) : countOfMass(line, order, level);
    for (let i = 0; i < count; i++) keep[start + order[i]] = 1;
  }
  return keep;
}

/** How many of the largest together hold at least `level` of a row's sum. */
function countOfMass(line, order, level) {
  let total = 0;
  for (const k of order) total += line[k];
  let [held, count] = [0, 0];
  while (count < order.length && held < level * total - 1e-9 && line[order[count]] > 0) held += line[order[count++]];
  return count;
}

/**
 * The lines of several maps as {map, row, column, weight, place}, the weakest first, so that strong ones lie on top.
 * `isShown(row, column)` chooses; `placeOf` is the colour scale. -> {lines, left: how many were too many to draw}
 */
export function strongestLines(maps, isShown, placeOf) {
  const lines = [];
  maps.forEach((shown, map) => {
    for (let row = 0; row < shown.rows; row++) {
      for (let column = 0; column < shown.columns; column++) {
        const cell = row * shown.columns + column;
        if ((shown.keep !== null && !shown.keep[cell]) || !isShown(row, column)) continue;
        const place = placeOf(shown.values[cell]);
        if (place >= FAINTEST) lines.push({ map, row, column, weight: shown.values[cell], place });
      }
    }
  });
  lines.sort((a, b) => a.place - b.place);
  const left = Math.max(0, lines.length - MOST);
  return { lines: lines.slice(left), left };
}

/**
 * For each unit of one side the mean weight that some of the `others` give it ("from") or get of it ("to"), and whether a
 * threshold keeps one of these.
 */
export function meanAlong({ rows, columns, values, keep }, direction, others) {
  const forward = direction === "from";
  const count = forward ? columns : rows;
  const weights = new Float32Array(count);
  const kept = new Uint8Array(count);
  for (const other of others) {
    for (let unit = 0; unit < count; unit++) {
      const cell = forward ? other * columns + unit : unit * columns + other;
      weights[unit] += values[cell] / others.length;
      if (keep === null || keep[cell]) kept[unit] = 1;
    }
  }
  return { weights, kept };
}

/** Mean over queries of -sum a ln a, in nats, of weights [query, key] in numbers of 1/`full`. */
export function headEntropy(weights, rows, full) {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const a = weights[i] / full;
    if (a > 0) sum -= a * Math.log(a);
  }
  return sum / rows;
}

/** The place of a cell in its row, 1 for the largest; equal weights share the better place. */
export function rankInRow(values, columns, row, column) {
  const start = row * columns;
  const weight = values[start + column];
  let rank = 1;
  for (let i = start; i < start + columns; i++) if (values[i] > weight) rank++;
  return rank;
}

/** Indices of a list by value, largest first, the earlier on a tie. */
export function descending(list) {
  return Array.from(list.keys()).sort((a, b) => list[b] - list[a] || a - b);
}

/** The share of the shown rows that went to keys not shown: the mean of `hidden`. */
export function meanHidden(hidden) {
  let sum = 0;
  for (const mass of hidden) sum += mass;
  return hidden.length ? sum / hidden.length : 0;
}
