import assert from "node:assert/strict";
import { test } from "node:test";
import { makeAxis, project } from "../../../../viz/pictures/explorer/frontend/data/merge.js";
import { passage } from "../../../../viz/pictures/explorer/frontend/data/passage.js";
import { segmentsOf, selectionFor } from "../../../../viz/pictures/explorer/frontend/data/pipeline.js";
import { place, ticks } from "../../../../viz/pictures/explorer/frontend/data/scale.js";
import { combine, descending, headEntropy, keepCells, meanAlong, meanHidden, rankInRow, strongestLines } from "../../../../viz/pictures/explorer/frontend/data/weights.js";
import { cellSize, fitPlot, makeViewport, mostZoom, zoomed } from "../../../../viz/pictures/explorer/frontend/views/viewport.js";
import { isolated, makeWords, percent, formatWeight } from "../../../../viz/pictures/explorer/frontend/views/formatting.js";

// [CLS] un ##do it [SEP] | go [SEP]
const TEXT = {
  labels: ["[CLS]", "un", "##do", "it", "[SEP]₅", "go", "[SEP]₇"],
  segments: [0, 0, 0, 0, 0, 1, 1],
  special: [1, 0, 0, 0, 1, 0, 1],
  words: [0, 1, 1, 2, 3, 4, 5],
  word_labels: ["[CLS]", "undo", "undo", "it", "[SEP]₅", "go", "[SEP]₇"],
  spans: [null, [0, 2], [2, 4], [5, 7], null, [0, 2], null],
  text: "undo it now",
  pair: "go",
};
const ALL = { unit: "tokens", hideSpecial: false, segment: null };

test("an axis of words joins the pieces of a word and keeps special tokens apart", () => {
  const axis = makeAxis(TEXT, { ...ALL, unit: "words" });
  assert.deepEqual(axis.units.map((unit) => unit.label), ["[CLS]", "undo", "it", "[SEP]₅", "go", "[SEP]₇"]);
  assert.deepEqual(Array.from(axis.unitOf), [0, 1, 1, 2, 3, 4, 5]);
  assert.deepEqual(Array.from(axis.counts), [1, 2, 1, 1, 1, 1]);
});

test("hidden tokens and the other text's belong to no unit", () => {
  const axis = makeAxis(TEXT, { unit: "tokens", hideSpecial: true, segment: 0 });
  assert.deepEqual(Array.from(axis.unitOf), [-1, 0, 1, 2, -1, -1, -1]);
});

test("merging sums over keys, averages over queries, and tells what was lost", () => {
  const text = { labels: ["a", "b", "s"], segments: [0, 0, 0], special: [0, 0, 1], words: [0, 0, 1], word_labels: ["ab", "ab", "s"] };
  const axis = makeAxis({ ...text, spans: [[0, 1], [1, 2], null], text: "ab", pair: null }, { ...ALL, unit: "words", hideSpecial: true });
  const weights = Uint16Array.from([10, 20, 70, 30, 30, 40, 0, 0, 100]);
  const { values, hidden } = project(weights, axis, axis, 100, false);
  assert.deepEqual(Array.from(values, (v) => v.toFixed(6)), ["0.450000"]);
  assert.ok(Math.abs(hidden[0] - 0.55) < 1e-12);
  assert.equal(project(weights, axis, axis, 100, true).values[0], 1);
});

test("of lengths, what is hidden is a share of the row's sum", () => {
  const axis = { units: [{}], unitOf: Int32Array.of(0, -1), counts: Int32Array.of(1) };
  const weights = Uint16Array.of(10, 30, 50, 50);
  const { values, hidden } = project(weights, axis, axis, 100, false, true);
  assert.deepEqual(Array.from(values, (v) => v.toFixed(6)), ["0.100000"]);
  assert.deepEqual(Array.from(hidden), [0.75]);
  assert.deepEqual(Array.from(project(Uint16Array.of(0, 0, 1, 1), axis, axis, 100, false, true).hidden), [0]);
});

test("of lengths, words and rows scaled to 1 mean nothing", () => {
  const state = { unit: "words", renormalise: true, scale: "log" };
  assert.equal(selectionFor(state, { quantity: "attention" }), state);
  assert.deepEqual(selectionFor(state, { quantity: "norm" }), { unit: "tokens", renormalise: false, scale: "log" });
});

test("a row of nothing stays nothing when it is to sum to 1", () => {
  const axis = { units: [{}, {}], unitOf: Int32Array.of(0, 1), counts: Int32Array.of(1, 1) };
  assert.deepEqual(Array.from(project(Uint16Array.of(0, 0, 1, 3), axis, axis, 4, true).values), [0, 0, 0.25, 0.75]);
});

test("thresholds on a row with ties", () => {
  const values = Float32Array.of(0.4, 0.1, 0.4, 0.1);
  const kept = (threshold, level) => Array.from(keepCells(values, 1, 4, threshold, level));
  assert.equal(keepCells(values, 1, 4, "none", 0), null);
  assert.deepEqual(kept("absolute", 0.4), [1, 0, 1, 0]);
  assert.deepEqual(kept("top", 1), [1, 0, 0, 0]);
  assert.deepEqual(kept("top", 3), [1, 1, 1, 0]);
  assert.deepEqual(kept("top", 99), [1, 1, 1, 1]);
  assert.deepEqual(kept("mass", 0.4), [1, 0, 0, 0]);
  assert.deepEqual(kept("mass", 0.79), [1, 0, 1, 0]);
  assert.deepEqual(kept("mass", 1), [1, 1, 1, 1]);
});

test("what tokens give on average, and what they get, with the threshold", () => {
  const shown = { rows: 2, columns: 3, values: Float32Array.of(0.5, 0.25, 0.25, 0, 0.75, 0.25), keep: null };
  const given = meanAlong(shown, "from", [0, 1]);
  assert.deepEqual(Array.from(given.weights), [0.25, 0.5, 0.25]);
  assert.deepEqual(Array.from(given.kept), [1, 1, 1]);
  const got = meanAlong({ ...shown, keep: Uint8Array.of(1, 0, 0, 0, 1, 0) }, "to", [0]);
  assert.deepEqual(Array.from(got.weights), [0.5, 0]);
  assert.deepEqual(Array.from(got.kept), [1, 0]);
});

test("pairs of texts", () => {
  assert.deepEqual(segmentsOf("all"), [null, null]);
  assert.deepEqual(segmentsOf("AB"), [0, 1]);
  assert.deepEqual(segmentsOf("BA"), [1, 0]);
});

test("several heads as one", () => {
  const maps = [Float32Array.of(0.5, 0), Float32Array.of(0.25, 1)];
  assert.deepEqual(Array.from(combine(maps, "mean")), [0.375, 0.5]);
  assert.deepEqual(Array.from(combine(maps, "max")), [0.5, 1]);
  assert.equal(combine([maps[0]], "mean"), maps[0]);
});

for (const scale of ["linear", "sqrt", "log"]) {
  test(`the ${scale} scale grows from 0 to 1 and its ticks stand where their weights are drawn`, () => {
    let before = -1;
    for (let i = 0; i <= 1000; i++) {
      const at = place(i / 1000, scale);
      assert.ok(at >= before && at >= 0 && at <= 1);
      before = at;
    }
    assert.equal(place(1, scale), 1);
    assert.equal(place(0, scale), 0);
    for (const tick of ticks(scale)) {
      assert.equal(tick.place, place(tick.weight, scale));
      assert.ok(tick.text.endsWith(String(tick.weight)));
    }
  });
}

test("the legend of lengths has their numbers at the places of weights", () => {
  assert.deepEqual(ticks("linear", 3.2).map((tick) => tick.text), ["0", "0.8", "1.6", "2.4", "3.2"]);
  assert.deepEqual(ticks("log", 3.2).map((tick) => tick.place), ticks("log").map((tick) => tick.place));
});

test("on the logarithm everything below its last decade is at 0", () => {
  assert.equal(place(0.00001, "log"), 0);
  assert.ok(Math.abs(place(0.01, "log") - 0.5) < 1e-12);
  assert.ok(ticks("log")[0].text.startsWith("≤"));
});

test("entropy, ranks, orders and shares", () => {
  assert.ok(Math.abs(headEntropy(Uint16Array.of(1, 1, 0, 2), 2, 2) - Math.log(2) / 2) < 1e-12);
  const values = Float32Array.of(9, 9, 0.5, 0.2, 0.5);
  assert.equal(rankInRow(values.subarray(2), 3, 0, 0), 1);
  assert.equal(rankInRow(values.subarray(2), 3, 0, 1), 3);
  assert.equal(rankInRow(values.subarray(2), 3, 0, 2), 1);
  assert.deepEqual(descending([1, 3, 3, 2]), [1, 2, 3, 0]);
  assert.equal(meanHidden(Float64Array.of(0.2, 0.4)).toFixed(6), "0.300000");
  assert.equal(meanHidden(new Float64Array(0)), 0);
});

test("words get their values as they are, and unknown ones stay", () => {
  const t = makeWords({ hello: "{a} and {b} and {a}" });
  assert.equal(t("hello", { a: "<b>$&</b>", b: "{a}" }), "<b>$&</b> and {a} and <b>$&</b>");
  assert.equal(t("hello", { a: 1 }), "1 and {b} and 1");
  assert.equal(t("none"), "none");
  assert.equal(formatWeight(0.00005, { top: 1, decimals: 4 }), "0.0001");
  assert.equal(formatWeight(0.5, { top: 12.5, decimals: 3 }), "6.250");
  assert.deepEqual([percent(0), percent(0.031), percent(0.5)], ["0 %", "3.1 %", "50 %"]);
});

test("the text is cut into its tokens and what stands between them", () => {
  const pieces = passage(TEXT, makeAxis(TEXT, { ...ALL, unit: "words" }));
  const texts = pieces.map((piece) => piece.text ?? piece.gap ?? piece.cut ?? "|");
  assert.deepEqual(texts, ["[CLS]", "undo", " ", "it", "[SEP]₅", " now", "|", "go", "[SEP]₇"]);
  assert.equal(pieces[5].cut, " now");
  assert.ok(pieces[0].chip && !pieces[1].chip);
});

test("parts of one character show their labels, and nothing turns the text round", () => {
  const text = { labels: ["Ã", "©", "x"], segments: [0, 0, 0], special: [0, 0, 0], words: [0, 0, 1], pair: null };
  const pieces = passage({ ...text, spans: [[0, 1], [0, 1], [3, 4]], text: "é\u202e x" }, makeAxis({ ...text, spans: [[0, 1], [0, 1], [3, 4]], text: "é\u202e x" }, ALL));
  assert.deepEqual(pieces.map((piece) => piece.text ?? piece.gap), ["é", "©", " ", "x"]);
});

test("a bare space mark does not take the character behind it", () => {
  const text = { labels: ["▁₁", "那", "▁₃"], segments: [0, 0, 0], special: [0, 0, 0], words: [0, 0, 1], pair: null };
  const whole = { ...text, word_labels: ["那", "那", "▁₃"], spans: [[0, 1], [0, 1], [1, 2]], text: "那只" };
  const pieces = passage(whole, makeAxis(whole, ALL));
  assert.deepEqual(pieces.map((piece) => piece.text ?? piece.cut), ["▁₁", "那", "▁₃"]);
  assert.deepEqual(passage(whole, makeAxis(whole, { ...ALL, unit: "words" })).map((piece) => piece.text).slice(0, 1), ["那"]);
});

test("the strongest lines lie on top, and too many are counted", () => {
  const shown = { rows: 100, columns: 100, values: new Float32Array(10000).fill(0.5), keep: null };
  shown.values[77] = 0.9;
  const { lines, left } = strongestLines([shown], () => true, (weight) => weight);
  assert.equal(left, 4000);
  assert.deepEqual([lines.at(-1).row, lines.at(-1).column], [0, 77]);
  const some = strongestLines([{ ...shown, keep: new Uint8Array(10000) }], () => true, (weight) => weight);
  assert.equal(some.lines.length, 0);
});

test("a label read from right to left is kept apart from the numbers beside it", () => {
  assert.equal(isolated("סלאם"), "\u2068סלאם\u2069");
  assert.equal(isolated("سلام"), "\u2068سلام\u2069");
  assert.equal(isolated("the₂ 猫"), "the₂ 猫");
  assert.equal(makeWords({ a: "{token}: {weight}" })("a", { token: "שלום", weight: 0.5 }), "\u2068שלום\u2069: 0.5");
});

test("a map is zoomed until its cells are large, and not where they are large already", () => {
  const few = makeViewport(10, 10, fitPlot(10, 10, 600, 600));
  assert.equal(mostZoom(few), 1);
  assert.equal(zoomed(few, 2, 0, 0).zoom, 1);
  const many = makeViewport(512, 512, fitPlot(512, 512, 600, 600));
  const near = zoomed(many, 1e6, 300, 300);
  assert.equal(near.zoom, mostZoom(many));
  assert.ok(Math.abs(cellSize(near)[0] - 40) < 1e-9);
});
