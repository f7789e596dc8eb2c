// The text itself as pieces: tokens or words where they stand, and the characters between them.

const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The pieces of the text in which `axis` has its units, in reading order:
 * [{unit: index, text} | {gap: text} | {cut: text} | {break: true}]. A break parts the two texts; `cut` is what did
 * not fit the model. A unit with no characters of its own (a special token, a part of a character) shows its label.
 */
export function passage(text, axis) {
  const pieces = [];
  const ends = [0, 0];
  let segment = null;
  axis.units.forEach((unit, index) => {
    if (segment !== null && unit.segment !== segment) {
      appendUnread(text, segment, ends[segment], pieces);
      pieces.push({ break: true });
    }
    segment = unit.segment;
    pieces.push(...unitPieces(text, axis, unit, index, ends));
  });
  if (segment !== null) appendUnread(text, segment, ends[segment], pieces);
  return pieces.map(withoutDirectionMarks);
}

/** A piece without characters that turn the direction of all the text behind them. */
function withoutDirectionMarks(piece) {
  const plain = { ...piece };
  for (const name of ["text", "gap", "cut"]) if (name in plain) plain[name] = plain[name].replace(DIRECTION_MARKS, "");
  return plain;
}

function source(text, segment) {
  return (segment === 1 ? text.pair : text.text) ?? "";
}

function unitPieces(text, axis, unit, index, ends) {
  // A tokenizer may give a bare space mark the place of the character behind it.
  if (/^▁[₀-₉′]*$/.test(unit.label)) return [{ unit: index, text: unit.label, chip: true }];
  const spans = unit.tokens.map((token) => text.spans[token]).filter(Boolean);
  const characters = source(text, unit.segment);
  const [from, to] = spans.length ? [spans[0][0], spans[spans.length - 1][1]] : [0, 0];
  const end = ends[unit.segment];
  if (unit.special || to <= from || to <= end || characters.slice(Math.max(from, end), to).trim() === "") {
    return [{ unit: index, text: unit.label, chip: true }];
  }
  const start = Math.max(from, end);
  const own = characters.slice(start, to);
  const blank = own.length - own.trimStart().length;
  ends[unit.segment] = to;
  const gap = characters.slice(end, start) + own.slice(0, blank);
  const pieces = gap ? [{ gap }] : [];
  return [...pieces, { unit: index, text: own.slice(blank) }];
}

/** What stands behind the last shown token, if the last token of that text is among the shown ones. */
function appendUnread(text, segment, end, pieces) {
  let last = 0;
  text.spans.forEach((span, token) => {
    if (span && text.segments[token] === segment) last = Math.max(last, span[1]);
  });
  if (end < last) return;
  const rest = source(text, segment).slice(last);
  if (rest.trim()) pieces.push({ cut: rest });
}
