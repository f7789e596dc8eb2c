import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { DecodeError, inflate, readLayer, readMessage } from "../../../../viz/pictures/explorer/frontend/data/decode.js";
import { Attention } from "../../../../viz/pictures/explorer/frontend/data/attention_data.js";

const TEXT = {
  labels: ["a", "b"],
  segments: [0, 0],
  special: [0, 0],
  words: [0, 1],
  word_labels: ["a", "b"],
  spans: [[0, 1], [1, 2]],
  text: "ab",
  pair: null,
};
const MAP = { kind: "encoder", layers: 1, heads: 1, queries: 0, keys: 0, quantity: "attention", top: 1, decimals: 4 };

function message(header, body = new Uint8Array(0), { magic = "ATLX", version = 1 } = {}) {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const out = new Uint8Array(12 + json.length + body.length);
  const view = new DataView(out.buffer);
  out.set(new TextEncoder().encode(magic), 0);
  view.setUint16(4, version, true);
  view.setUint32(8, json.length, true);
  out.set(json, 12);
  out.set(body, 12 + json.length);
  return out;
}

function whole(weights) {
  const planes = new Uint8Array([...weights.map((w) => w >> 8), ...weights.map((w) => w & 255)]);
  const body = new Uint8Array(deflateRawSync(planes));
  const blocks = [{ map: 0, layer: 0, at: 0, size: body.length }];
  return message({ id: "x", texts: [TEXT], maps: [MAP], blocks }, body);
}

test("a message comes back as its weights", async () => {
  const weights = [0, 255, 256, 65535];
  const found = readMessage(whole(weights));
  const attention = new Attention(found);
  assert.equal(attention.head(0, 0, 0), null);
  assert.deepEqual(attention.missing(0, 0), [[0, 0]]);
  await attention.absorb(found);
  assert.deepEqual(Array.from(attention.head(0, 0, 0)), weights);
  assert.deepEqual(attention.missing(0, 0), []);
});

test("bytes that lie unaligned inside a larger buffer are read", async () => {
  const bytes = whole([1, 2, 3, 4]);
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  const found = readMessage(larger.subarray(3));
  assert.deepEqual(Array.from(await readLayer(found.blocks[0].bytes, found.maps[0])), [1, 2, 3, 4]);
});

const good = { id: "x", texts: [TEXT], maps: [MAP], blocks: [] };
const bad = {
  "no bytes": null,
  "a string": "ATLX",
  "too short": new Uint8Array(5),
  "another magic": message(good, undefined, { magic: "HTML" }),
  "another version": message(good, undefined, { version: 2 }),
  "cut header": message(good).subarray(0, 40),
  "no JSON": message("{"),
  "JSON null": message("null"),
  "no blocks": message({ ...good, blocks: null }),
  "a block past the end": message({ ...good, blocks: [{ map: 0, layer: 0, at: 0, size: 9 }] }),
  "a block before the start": message({ ...good, blocks: [{ map: 0, layer: 0, at: -1, size: 0 }] }),
  "no id": message({ ...good, id: 3 }),
  "no texts": message({ ...good, texts: [] }),
  "labels of another length": message({ ...good, texts: [{ ...TEXT, words: [0] }] }),
  "words that are no strings": message({ ...good, texts: [{ ...TEXT, word_labels: ["a", null] }] }),
  "labels that are no strings": message({ ...good, texts: [{ ...TEXT, labels: ["a", {}] }] }),
  "a map without text": message({ ...good, maps: [{ ...MAP, keys: 1 }] }),
  "a million layers": message({ ...good, maps: [{ ...MAP, layers: 1e6 }] }),
  "an unknown quantity": message({ ...good, maps: [{ ...MAP, quantity: "<b>" }] }),
  "a scale of nothing": message({ ...good, maps: [{ ...MAP, top: 0 }] }),
  "a scale without an end": message({ ...good, maps: [{ ...MAP, top: "1" }] }),
  "too many decimals": message({ ...good, maps: [{ ...MAP, decimals: 200 }] }),
  "half a head": message({ ...good, maps: [{ ...MAP, heads: 0.5 }] }),
};
for (const [name, bytes] of Object.entries(bad)) {
  test(`refused: ${name}`, () => assert.throws(() => readMessage(bytes), DecodeError));
}

test("blocks that are damaged, too short or too long are refused", async () => {
  const block = new Uint8Array(deflateRawSync(new Uint8Array(1000)));
  assert.equal((await inflate(block, 1000)).length, 1000);
  await assert.rejects(inflate(block, 999), DecodeError);
  await assert.rejects(inflate(block, 1001), DecodeError);
  await assert.rejects(inflate(new Uint8Array([255, 255, 255]), 10), DecodeError);
});

test("a block of a map or layer that is not there is refused", async () => {
  const found = readMessage(whole([1, 2, 3, 4]));
  const attention = new Attention(found);
  await assert.rejects(attention.absorb({ blocks: [{ ...found.blocks[0], map: 1 }] }), DecodeError);
  await assert.rejects(attention.absorb({ blocks: [{ ...found.blocks[0], layer: 1 }] }), DecodeError);
});

test("missing layers are asked for from the one that is looked at outwards", () => {
  const found = readMessage(message({ ...good, maps: [{ ...MAP, layers: 5 }, MAP] }));
  const order = new Attention(found).missing(0, 2);
  assert.deepEqual(order[0], [0, 2]);
  assert.deepEqual(new Set(order.slice(1, 3).map(([, layer]) => layer)), new Set([1, 3]));
  assert.deepEqual(order.at(-1), [1, 0]);
});
