// From tokens to what is shown: words instead of tokens, special tokens or the other text left out.
// An axis says for each token which shown unit it belongs to; projecting weights onto two axes does the rest.

/**
 * The units shown along one side. `text.words` says which word a token is of; a special token is one of its own.
 * -> {units: [{label, tokens, special, segment}], unitOf: Int32Array token -> unit or -1, counts: tokens a unit}
 */
export function makeAxis(text, { unit, hideSpecial, segment }) {
  const units = [];
  const unitOf = new Int32Array(text.labels.length).fill(-1);
  const byWord = new Map();
  const labels = unit === "words" ? text.word_labels : text.labels;
  labels.forEach((label, token) => {
    const special = Boolean(text.special[token]);
    if ((hideSpecial && special) || (segment !== null && text.segments[token] !== segment)) return;
    const word = unit === "words" ? text.words[token] : token;
    if (!byWord.has(word)) {
      byWord.set(word, units.length);
      units.push({ label, tokens: [], special, segment: text.segments[token], first: token });
    }
    unitOf[token] = byWord.get(word);
    units[unitOf[token]].tokens.push(token);
  });
  return { units, unitOf, counts: Int32Array.from(units, (unit) => unit.tokens.length) };
}

/**
 * Weights [query, key] (numbers of 1/`full`) onto the shown units: the sum over the merged keys, the mean over the
 * merged queries (Clark et al. 2019). -> {values [row, column], hidden: mass a row lost to keys not shown}; where rows
 * do not sum to 1, `hidden` is `relative` to their sum.
 */
export function project(weights, queries, keys, full, renormalise, relative = false) {
  const columns = keys.units.length;
  const rows = queries.units.length;
  const tokens = keys.unitOf.length;
  const sums = new Float64Array(rows * columns);
  const hidden = new Float64Array(rows);
  for (let q = 0; q < queries.unitOf.length; q++) {
    const row = queries.unitOf[q];
    if (row < 0) continue;
    const share = 1 / (full * queries.counts[row]);
    const to = row * columns;
    const from = q * tokens;
    let lost = 0;
    let kept = 0;
    for (let k = 0; k < tokens; k++) {
      const column = keys.unitOf[k];
      if (column < 0) lost += weights[from + k];
      else {
        sums[to + column] += weights[from + k] * share;
        kept += weights[from + k];
      }
    }
    hidden[row] += relative ? lost / (lost + kept || 1) / queries.counts[row] : lost * share;
  }
  const values = new Float32Array(sums);
  if (renormalise) normaliseRows(values, sums, rows, columns);
  return { values, hidden };
}

function normaliseRows(values, sums, rows, columns) {
  for (let row = 0; row < rows; row++) {
    let total = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) total += sums[i];
    if (total > 0) for (let i = row * columns; i < (row + 1) * columns; i++) values[i] = sums[i] / total;
  }
}
