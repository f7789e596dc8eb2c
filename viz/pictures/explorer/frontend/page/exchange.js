// Where the parts of an explorer meet in the page: its view, and the feeds that say what it shows. A feed's data is one of
//   {to, show, address, selection, seq}   what the view `to` shows, where its weights are, and what is picked there
//   {supply: id}                          nothing now, but it can be asked for parts of that payload
//   bytes                                 a part of a payload
// The parts of a payload are "", which is its first message, and "0.3" for layer 3 of map 0, if the first has it not.
// They are fetched from its address; without one, and where nothing is found there, Python is asked for them.

import { Attention } from "../data/attention_data.js";
import { readMessage } from "../data/decode.js";

const NAME = Symbol.for("attention-explorer.exchange");
const LINKED = Symbol("linked");
const TYPE = "application/octet-stream";
const PATIENCE = 20000;

/** What a server sends from `address`; null where it knows of nothing there. Rejects where none answers. */
async function fetched(address) {
  const answer = await fetch(address);
  if (answer.status >= 500) throw new Error(`${answer.status} ${answer.statusText}`);
  if (!answer.ok || answer.headers.get("Content-Type") !== TYPE) return null;
  return new Uint8Array(await answer.arrayBuffer());
}

function makeExchange() {
  const listeners = new Set();
  const payloads = new Map(); // id -> {attention, address, ask, awaited, asked, position, work}
  const links = new Map(); // key of a view -> {show, address, selection, seq}
  const places = new Map(); // key of a view -> {map, port, cursor}: where one is on its map
  const notify = (event) => [...listeners].forEach((listener) => listener(event));

  let failure = null; // the last thing that went wrong, for a view that is mounted after it
  const fail = (error, again = null) => {
    failure = { type: "error", error, again };
    notify(failure);
  };

  function entryOf(id) {
    if (!payloads.has(id)) {
      payloads.set(id, { attention: null, address: "", ask: null, awaited: null, asked: false, position: [0, 0], work: Promise.resolve() });
    }
    return payloads.get(id);
  }

  const isShown = (id) => [...links.values()].some(({ show }) => show === id);

  /** Let go of the payloads that no view shows. */
  function prune() {
    for (const id of payloads.keys()) if (!isShown(id)) payloads.delete(id);
  }

  /** Get the next part that is missing, one at a time, those near what is looked at first. */
  async function advance(id) {
    const entry = payloads.get(id);
    if (!isShown(id) || entry.awaited !== null) return;
    const part = entry.attention ? entry.attention.missing(...entry.position)[0]?.join(".") : "";
    if (part === undefined) {
      settle(id, entry);
      return;
    }
    let data = null;
    entry.awaited = part;
    try {
      if (entry.address) data = await fetched(part ? `${entry.address}/${part}` : entry.address);
    } catch (error) {
      entry.awaited = null;
      if (payloads.get(id) === entry) fail(error, again);
      return;
    }
    if (payloads.get(id) !== entry) return; // nobody wants it any more
    if (data) take(data);
    else ask(id, entry, part);
  }

  /** Try anew what could not be fetched. */
  function again() {
    failure = null;
    for (const { show } of links.values()) advance(show);
  }

  /** Ask Python for a part, and again where it does not come. */
  function ask(id, entry, part) {
    entry.address = "";
    if (!entry.ask) {
      entry.awaited = null; // until the feed is there that can be asked
      return;
    }
    entry.asked = true;
    entry.ask({ of: id, part });
    const retry = () => {
      if (payloads.get(id) !== entry || entry.awaited !== part) return;
      entry.awaited = null;
      advance(id);
    };
    setTimeout(retry, PATIENCE).unref?.(); // Node would wait for it
  }

  /** All is here: Python need not send again what was asked for last. */
  function settle(id, entry) {
    if (entry.asked) entry.ask({ of: id, part: null });
    entry.asked = false;
  }

  /** Take in a part, after those of the same payload that came before it. */
  async function take(data, askPython = null) {
    try {
      const message = readMessage(data);
      const id = message.of ?? message.id;
      if (message.of && !payloads.get(id)?.attention) return;
      const entry = entryOf(id);
      if (askPython) entry.ask = askPython;
      entry.awaited ??= ""; // nothing else is asked for meanwhile
      entry.work = entry.work.catch(() => {}).then(() => absorb(id, entry, message));
      await entry.work;
    } catch (error) {
      fail(error);
    }
  }

  async function absorb(id, entry, message) {
    if (message.of) {
      const fresh = message.blocks.filter((block) => !entry.attention.has(block.map, block.layer));
      await entry.attention.absorb({ blocks: fresh });
      if (fresh.length) notify({ type: "layers", id });
    } else {
      const attention = entry.attention ?? new Attention(message);
      if (!entry.attention) await attention.absorb(message);
      entry.attention = attention;
      failure = null; // what came in between was damaged
      notify({ type: "payload", id });
    }
    entry.awaited = null;
    setTimeout(() => advance(id), 0);
  }

  return {
    /** What a feed has been sent. */
    async take({ data, parentElement, setStateValue }) {
      const askPython = (want) => setStateValue("want", want);
      if (data instanceof Uint8Array) await take(data, askPython);
      else if (data?.supply) {
        entryOf(data.supply).ask = askPython;
        advance(data.supply);
      } else if (data?.to) {
        parentElement[LINKED] = data.to;
        this.link(data.to, data);
      }
    },
    /** A feed is gone: what it said is shown no more. */
    leave(parentElement) {
      if (links.delete(parentElement[LINKED])) prune();
    },
    link(key, link) {
      links.set(key, link);
      prune();
      entryOf(link.show).address = link.address ?? "";
      notify({ type: "link", key });
      advance(link.show);
    },
    linkOf: (key) => links.get(key) ?? null,
    /** Which map and layer is looked at: what is missing near it comes first. */
    lookAt(id, number, layer) {
      if (payloads.has(id)) payloads.get(id).position = [number, layer];
    },
    attention: (id) => payloads.get(id)?.attention ?? null,
    failure: () => failure,
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
