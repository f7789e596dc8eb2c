// Answers, with the browser's own code, what test_js.py asks about a payload.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMessage } from "../../../../viz/pictures/explorer/frontend/data/decode.js";
import { makeAxis } from "../../../../viz/pictures/explorer/frontend/data/merge.js";
import { everyToken, shrink } from "../../../../viz/pictures/explorer/frontend/data/miniature.js";
import { makePipeline } from "../../../../viz/pictures/explorer/frontend/data/pipeline.js";
import { fit } from "../../../../viz/pictures/explorer/frontend/data/selection_state.js";
import { headEntropy } from "../../../../viz/pictures/explorer/frontend/data/weights.js";
import { Attention } from "../../../../viz/pictures/explorer/frontend/data/attention_data.js";
import { formatWeight } from "../../../../viz/pictures/explorer/frontend/views/formatting.js";

const folder = process.argv[2];
const bytes = (name) => new Uint8Array(readFileSync(join(folder, name)));

const first = readMessage(bytes("first.bin"));
const attention = new Attention(first);
await attention.absorb(first);
const rest = bytes("more.bin");
if (rest.length) await attention.absorb(readMessage(rest));
const pipeline = makePipeline(attention);

const heads = (number, each) => {
  const map = attention.maps[number];
  return Array.from({ length: map.layers * map.heads }, (_, i) => each(Math.floor(i / map.heads), i % map.heads, map));
};

const answer = {
  weights: () => attention.maps.map((_, n) => heads(n, (l, h) => Array.from(attention.head(n, l, h)))).map((all) => all.flat()),
  miniatures: () =>
    attention.maps.map((map, n) => {
      const [rows, columns] = [everyToken(map.rows), everyToken(map.columns)];
      const own = heads(n, (l, h) => Array.from(shrink(attention.head(n, l, h), map.columns, rows, columns))).flat();
      const sent = attention.miniatures[n];
      if (sent && !sent.pixels.every((pixel, i) => pixel === own[i])) throw new Error("miniatures differ");
      return own;
    }),
  shown: ({ state }) => {
    const { rows, columns, values, keep, hidden } = pipeline.shown(fit(state, attention));
    return { rows, columns, values: Array.from(values), keep: keep && Array.from(keep), hidden };
  },
  labels: ({ state }) => makeAxis(attention.keys(0), { ...state, segment: null }).units.map((each) => each.label),
  written: ({ state }) => {
    const map = attention.maps[attention.number(fit(state, attention).kind)];
    return Array.from(pipeline.shown(fit(state, attention)).values, (weight) => formatWeight(weight, map));
  },
  entropy: () => heads(0, (l, h, map) => headEntropy(attention.head(0, l, h), map.rows, 65535)),
};

const questions = JSON.parse(readFileSync(join(folder, "questions.json"), "utf-8"));
writeFileSync(join(folder, "answers.json"), JSON.stringify(questions.map((each) => answer[each.ask](each))));
