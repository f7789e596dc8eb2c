// From tokens to what is shown: words instead of tokens, special tokens or the other text left out.
// An axis says for each token which shown unit it belongs to; projecting weights onto two axes does the rest.

/**
 * The units shown along one side. Words come from `text.words`; a special token stays a unit of its own.
 * -> {units: [{label, tokens, special, segment}], unitOf: Int32Array token -> unit or -1, counts: tokens a unit}
 */
export function makeAxis(text, { unit, hideSpecial, segment }) {
  const units = [];
  const unitOf = new Int32Array(text.labels.length).fill(-1);
  const byWord = new Map();
  const counts = unit === "words" ? wordCounts(text) : null;
  text.labels.forEach((label, token) => {
    const special = Boolean(text.special[token]);
    if ((hideSpecial && special) || (segment !== null && text.segments[token] !== segment)) return;
    const word = unit === "words" ? text.words[token] : null;
    let index = word === null || word === undefined ? undefined : byWord.get(word);
    if (index === undefined) {
      index = units.length;
      units.push({ label, tokens: [], special, segment: text.segments[token], first: token });
      if (word !== null && word !== undefined) byWord.set(word, index);
    }
    units[index].tokens.push(token);
    unitOf[token] = index;
  });
  if (unit === "words") for (const unit of units) unit.label = wordLabel(text, unit, counts);
  return { units, unitOf, counts: Int32Array.from(units, (unit) => unit.tokens.length) };
}

function wordText(text, tokens) {
  const spans = tokens.map((token) => text.spans[token]).filter(Boolean);
  if (spans.length === 0) return null;
  const source = text.segments[tokens[0]] === 1 ? text.pair : text.text;
  return visible(slice(source ?? "", spans[0][0], spans[spans.length - 1][1]).trim());
}

/** A text with its line breaks as signs, and whatever else cannot be seen as its code point: as tokens' labels are. */
function visible(text) {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    return character === "\n" ? "⏎" : `⟨U+${code}⟩`;
  });
}

function wordLabel(text, unit, counts) {
  const label = unit.special ? null : wordText(text, unit.tokens);
  if (!label) return unit.tokens.map((token) => text.labels[token]).join("");
  return counts.get(label) > 1 ? label + subscript(unit.first + 1) : label;
}

function wordCounts(text) {
  const words = new Map();
  text.words.forEach((word, token) => {
    if (word === null || word === undefined) return;
    if (!words.has(word)) words.set(word, []);
    words.get(word).push(token);
  });
  const counts = new Map();
  for (const tokens of words.values()) {
    const label = wordText(text, tokens);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

/** A number in small digits: 12 -> "₁₂", as the tokens' own labels have it. */
export function subscript(number) {
  return String(number).replace(/\d/g, (digit) => String.fromCodePoint(0x2080 + Number(digit)));
}

const codePoints = new Map();

/** Characters `from` to `to` of a text, counted in code points as Python does. */
export function slice(text, from, to) {
  if (!codePoints.has(text)) {
    if (codePoints.size > 8) codePoints.clear();
    codePoints.set(text, /[\ud800-\udfff]/.test(text) ? Array.from(text) : null);
  }
  const points = codePoints.get(text);
  return points ? points.slice(from, to).join("") : text.slice(from, to);
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
