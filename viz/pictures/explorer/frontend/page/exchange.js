// Where the parts of an explorer meet in the page: its view, and the feeds that bring weights and selections.
// They are separate components because Streamlit sends a component anew as soon as any of its data differs.

import { Attention } from "../data/attention_data.js";

const NAME = Symbol.for("attention-explorer.exchange");
const CHUNK = 4 * 2 ** 20;
const PATIENCE = 20000;

function makeExchange() {
  const listeners = new Set();
  const payloads = new Map(); // id -> {attention, owners, ask, waiting}
  const links = new Map(); // key of a view -> {show, selection, seq}
  const places = new Map(); // key of a view -> {map, port, cursor}: where one is on its map
  const notify = (event) => [...listeners].forEach((listener) => listener(event));

  let failure = null; // the last thing that went wrong, for a view that is mounted after it
  const fail = (error) => {
    failure = error;
    notify({ type: "error", error });
  };

  function entryOf(id) {
    if (!payloads.has(id)) {
      payloads.set(id, { attention: null, owners: new Set(), ask: null, asked: "[]", waiting: false, position: [0, 0] });
    }
    return payloads.get(id);
  }

  async function hold(message, owner) {
    for (const [id, payload] of payloads) if (payload.owners.size === 0 && id !== message.id) payloads.delete(id);
    const entry = entryOf(message.id);
    entry.owners.add(owner);
    if (entry.opening) return;
    if (entry.attention) {
      failure = null; // what came in between was damaged, and this is here already
      notify({ type: "payload", id: message.id });
      return;
    }
    entry.opening = true;
    const attention = new Attention(message);
    try {
      await attention.absorb(message);
    } finally {
      entry.opening = false;
    }
    if (entry.owners.size === 0) return;
    entry.attention = attention;
    failure = null;
    notify({ type: "payload", id: message.id });
    requestLayers(message.id);
  }

  async function extend(message) {
    const entry = payloads.get(message.of);
    if (!entry?.attention) return;
    const fresh = message.blocks.filter((block) => !entry.attention.has(block.map, block.layer));
    await entry.attention.absorb({ blocks: fresh });
    entry.waiting = false;
    if (fresh.length) notify({ type: "layers", id: message.of });
    setTimeout(() => requestLayers(message.of), 0);
  }

  /** Ask for the next layers, one message at a time, those near what is looked at first. */
  function requestLayers(id) {
    const entry = payloads.get(id);
    if (!entry?.attention || !entry.ask || entry.waiting) return;
    const blocks = [];
    let size = 0;
    for (const [number, layer] of entry.attention.missing(...entry.position)) {
      const map = entry.attention.maps[number];
      size += 2 * map.heads * map.rows * map.columns;
      if (blocks.length && size > CHUNK) break;
      blocks.push([number, layer]);
    }
    const text = JSON.stringify(blocks);
    if (blocks.length === 0 && entry.asked === text) return;
    entry.asked = text;
    entry.waiting = blocks.length > 0;
    if (entry.waiting) setTimeout(() => retryOverdue(id, text), PATIENCE).unref?.(); // Node would wait for it
    entry.ask({ of: id, blocks });
  }

  function retryOverdue(id, text) {
    const entry = payloads.get(id);
    if (!entry?.waiting || entry.asked !== text) return;
    entry.waiting = false;
    requestLayers(id);
  }

  return {
    /** A payload has come, for `owner` to hold until it releases it. */
    hold: (message, owner) => hold(message, owner).catch(fail),
    /** Further layers of a payload have come. */
    extend: (message) => extend(message).catch(fail),
    fail,
    failure: () => failure,
    release(id, owner) {
      const entry = payloads.get(id);
      entry?.owners.delete(owner);
      if (entry && entry.owners.size === 0) payloads.delete(id);
    },
    /** `ask` gets further layers of payload `id` from Python. */
    supply(id, ask) {
      entryOf(id).ask = ask;
      requestLayers(id);
    },
    /** Which map and layer is looked at: what is missing near it comes first. */
    lookAt(id, number, layer) {
      if (payloads.has(id)) payloads.get(id).position = [number, layer];
    },
    attention: (id) => payloads.get(id)?.attention ?? null,
    link(key, link) {
      links.set(key, link);
      notify({ type: "link", key });
    },
    linkOf: (key) => links.get(key) ?? null,
    keepPlace: (key, place) => places.set(key, place),
    placeOf: (key) => places.get(key) ?? null,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    payloads: () => payloads.size,
  };
}

/** The page's one exchange, shared by the scripts of the view and of the feeds. */
export function sharedExchange() {
  globalThis[NAME] ??= makeExchange();
  return globalThis[NAME];
}
