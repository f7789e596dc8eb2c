import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { sharedExchange } from "../../../../viz/pictures/explorer/frontend/page/exchange.js";

const NAME = Symbol.for("attention-explorer.exchange");
const LAYER = deflateRawSync(Buffer.from([1, 2])); // one weight, 0x0102
const TEXT = { labels: ["a"], segments: [0], special: [0], words: [0], word_labels: ["a"], spans: [[0, 1]], text: "a", pair: null };
const MAP = { kind: "encoder", quantity: "attention", top: 1, decimals: 4, layers: 3, heads: 1, queries: 0, keys: 0 };
const [FEED, WEIGHTS] = [{}, {}]; // the places of the feeds in the page

/** A message as Python frames it. */
function framed(header, blocks) {
  const json = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(12);
  start.write("ATLX");
  start.writeUInt16LE(1, 4);
  start.writeUInt32LE(json.length, 8);
  return new Uint8Array(Buffer.concat([start, json, ...blocks]));
}

const block = (layer) => ({ map: 0, layer, at: 0, size: LAYER.length });
const first = (id) => framed({ id, texts: [TEXT], maps: [MAP], blocks: [block(1)] }, [LAYER]);
const further = (id, layer) => framed({ of: id, blocks: [block(layer)] }, [LAYER]);
const link = (show, address = `weights/${show}`) => ({ to: "explorer", show, address, selection: {}, seq: 0 });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Wait until the assertions hold; what they say where they never do. */
async function eventually(assertions) {
  for (const end = Date.now() + 20_000; ; await pause(15)) {
    try {
      return assertions();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Give what must not happen the time to happen. */
const quiet = () => pause(150);

const answer = (data, { status = 200, type = "application/octet-stream" } = {}) =>
  new Response(status === 200 ? data : null, { status, headers: { "Content-Type": type } });

let asked; // what Python was asked for
let fetches; // what the server was asked for
const say = (data, parentElement) =>
  sharedExchange().take({ data, parentElement, setStateValue: (_name, want) => asked.push(want) });

/** What the server answers, by address; what is not there is unknown to it. An error stands for no answer. */
function serve(answers) {
  globalThis.fetch = async (address) => {
    fetches.push(address);
    const found = answers[address];
    if (found instanceof Error) throw found;
    return found ? found() : answer(null, { status: 404 });
  };
}

/** A new page, whose events are written down. */
function listened() {
  const events = [];
  sharedExchange().listen((event) => events.push(event.type));
  return events;
}

const here = (id) => sharedExchange().attention(id)?.layers[0].map((layer) => layer?.[0] ?? null) ?? null;

beforeEach(() => {
  delete globalThis[NAME];
  asked = [];
  fetches = [];
  serve({});
});

test("the weights are fetched from their address, first those near what is looked at, and Python is asked for nothing", async () => {
  assert.equal(sharedExchange(), sharedExchange());
  const events = listened();
  const answers = { "weights/p": () => answer(first("p")) };
  for (const layer of [0, 2]) answers[`weights/p/0.${layer}`] = () => answer(further("p", layer));
  serve(answers);
  say({ supply: "p" }, WEIGHTS);
  await quiet();
  assert.deepEqual(fetches, []); // nobody shows it yet
  say(link("p"), FEED);
  sharedExchange().lookAt("p", 0, 2);
  await eventually(() => assert.deepEqual(here("p"), [0x0102, 0x0102, 0x0102]));
  assert.deepEqual(fetches, ["weights/p", "weights/p/0.2", "weights/p/0.0"]);
  assert.deepEqual(events, ["link", "payload", "layers", "layers"]);
  assert.deepEqual(asked, []);
  say(link("p"), FEED); // another selection
  await quiet();
  assert.equal(fetches.length, 3);
});

for (const [what, options] of [["nothing", { status: 404 }], ["a page of somebody else", { type: "text/html" }]]) {
  test(`where ${what} is found there, Python is asked, part by part, and told when all is here`, async () => {
    serve({ "weights/p": () => answer("<html>", options) });
    say(link("p"), FEED);
    say({ supply: "p" }, WEIGHTS);
    await eventually(() => assert.deepEqual(asked, [{ of: "p", part: "" }]));
    await say(first("p"), WEIGHTS);
    for (const layer of [0, 2]) {
      await eventually(() => assert.deepEqual(asked.at(-1), { of: "p", part: `0.${layer}` }));
      await say(further("p", layer), WEIGHTS);
    }
    await eventually(() => assert.deepEqual(asked.map(({ part }) => part), ["", "0.0", "0.2", null]));
    assert.deepEqual(here("p"), [0x0102, 0x0102, 0x0102]);
    assert.deepEqual(fetches, ["weights/p"]);
  });
}

test("without an address Python sends the first part unasked, and is asked for the others", async () => {
  await say(first("p"), WEIGHTS); // before anybody shows it
  say(link("p", ""), FEED);
  await eventually(() => assert.deepEqual(asked, [{ of: "p", part: "0.0" }]));
  assert.deepEqual(here("p"), [null, 0x0102, null]);
  say(link("p", ""), FEED);
  await quiet();
  assert.equal(asked.length, 1);
  assert.deepEqual(fetches, []);
});

test("where no server answers that is said, and can be tried again", async () => {
  const events = listened();
  serve({ "weights/p": new TypeError("no network") });
  say(link("p"), FEED);
  say({ supply: "p" }, WEIGHTS);
  const message = () => sharedExchange().failure()?.error.message;
  await eventually(() => assert.equal(message(), "no network"));
  serve({ "weights/p": () => answer(null, { status: 502 }) });
  sharedExchange().failure().again();
  assert.equal(sharedExchange().failure(), null);
  await eventually(() => assert.match(message(), /^502/));
  serve({ "weights/p": () => answer(first("p")), "weights/p/0.0": () => answer(further("p", 0)), "weights/p/0.2": new TypeError("gone") });
  sharedExchange().failure().again();
  await eventually(() => assert.deepEqual(events, ["link", "error", "error", "payload", "layers", "error"]));
  assert.deepEqual(here("p"), [0x0102, 0x0102, null]);
  assert.deepEqual(asked, []);
});

test("what is damaged is told, and neither fetched again nor asked for", async () => {
  const events = listened();
  serve({ "weights/p": () => answer(first("p").subarray(0, -1)) });
  say(link("p"), FEED);
  say({ supply: "p" }, WEIGHTS);
  await eventually(() => assert.equal(sharedExchange().failure()?.again, null));
  await quiet();
  assert.deepEqual([events, fetches, asked], [["link", "error"], ["weights/p"], []]);
  serve({ "weights/q": () => answer(first("q")) });
  say(link("q"), FEED);
  await eventually(() => assert.deepEqual(here("q"), [null, 0x0102, null]));
  await say(framed({ of: "q", blocks: [{ ...block(0), map: 7 }] }, [LAYER]), WEIGHTS);
  assert.equal(events.at(-1), "error");
});

test("a payload is held while a view shows it, and what comes too late is dropped", async () => {
  let release;
  serve({ "weights/p": () => new Promise((done) => (release = () => done(answer(first("p"))))), "weights/q": () => answer(first("q")) });
  say(link("p"), FEED);
  await eventually(() => assert.ok(release));
  say(link("q"), FEED);
  release();
  await eventually(() => assert.deepEqual(here("q"), [null, 0x0102, null]));
  await quiet();
  assert.equal(here("p"), null);
  assert.equal(sharedExchange().payloads(), 1);
  await say(further("p", 0), WEIGHTS);
  assert.equal(sharedExchange().payloads(), 1);
  sharedExchange().leave(WEIGHTS);
  assert.equal(sharedExchange().payloads(), 1);
  sharedExchange().leave(FEED);
  assert.equal(sharedExchange().payloads(), 0);
});
