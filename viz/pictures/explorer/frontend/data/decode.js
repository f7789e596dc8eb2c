// Bytes from Python -> header and weights. The layout is described in wire_format.py.

const MAGIC = 0x584c5441; // "ATLX" read as a little-endian number
const VERSION = 1;
const FRAME = 12;
const MOST_TOKENS = 8192;
const MOST_HEADS = 256;
const MINIATURE = 32;
const QUANTITIES = ["attention", "norm", "share"];
const MOST_DECIMALS = 9;

/** A message that is not what Python sends; shown inside the component. */
export class DecodeError extends Error {}

function check(condition, message) {
  if (!condition) throw new DecodeError(message);
}

function isWhole(value, least, most) {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** How many tokens share one pixel of a miniature. */
export function blockSize(tokens) {
  return Math.ceil(tokens / MINIATURE);
}

/**
 * The header of a message, checked, and its blocks still compressed:
 * {id | of, texts, maps, blocks: [{map, layer, bytes} | {miniatures, bytes}]}.
 */
export function readMessage(data) {
  check(data instanceof Uint8Array, "not bytes");
  check(data.byteLength >= FRAME, `too short: ${data.byteLength} bytes`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  check(view.getUint32(0, true) === MAGIC, "does not start with ATLX");
  check(view.getUint16(4, true) === VERSION, `version ${view.getUint16(4, true)}, expected ${VERSION}`);
  const length = view.getUint32(8, true);
  check(FRAME + length <= data.byteLength, "header cut off");
  let header;
  try {
    header = JSON.parse(new TextDecoder().decode(data.subarray(FRAME, FRAME + length)));
  } catch {
    throw new DecodeError("header is no JSON");
  }
  check(header !== null && typeof header === "object", "header is no object");
  const rest = data.subarray(FRAME + length);
  check(Array.isArray(header.blocks), "no blocks");
  const blocks = header.blocks.map((entry) => {
    check(entry && isWhole(entry.at, 0, rest.length) && isWhole(entry.size, 0, rest.length - entry.at), "block cut off");
    return { ...entry, bytes: rest.subarray(entry.at, entry.at + entry.size) };
  });
  if (typeof header.of === "string") return { of: header.of, blocks };
  check(typeof header.id === "string", "no id");
  check(Array.isArray(header.texts) && header.texts.length > 0, "no texts");
  check(Array.isArray(header.maps) && header.maps.length > 0, "no maps");
  return { id: header.id, texts: header.texts.map(readText), maps: header.maps.map((map) => readMap(map, header)), blocks };
}

function readText(text) {
  check(text && Array.isArray(text.labels) && isWhole(text.labels.length, 1, MOST_TOKENS), "labels");
  const count = text.labels.length;
  for (const name of ["segments", "special", "words", "word_labels", "spans"]) {
    check(Array.isArray(text[name]) && text[name].length === count, `${name}: not one a token`);
  }
  check([...text.labels, ...text.word_labels].every((label) => typeof label === "string"), "labels are no strings");
  check(typeof text.text === "string" && (text.pair === null || typeof text.pair === "string"), "text");
  return text;
}

function readMap(map, header) {
  check(map && typeof map.kind === "string", "map without a kind");
  check(isWhole(map.layers, 1, MOST_HEADS) && isWhole(map.heads, 1, MOST_HEADS), "layers or heads");
  const last = header.texts.length - 1;
  check(isWhole(map.queries, 0, last) && isWhole(map.keys, 0, last), "map without its texts");
  const rows = header.texts[map.queries].labels.length;
  const columns = header.texts[map.keys].labels.length;
  check(QUANTITIES.includes(map.quantity) && Number.isFinite(map.top) && map.top > 0, "quantity or top");
  check(isWhole(map.decimals, 0, MOST_DECIMALS), "decimals");
  const { kind, layers, heads, queries, keys, quantity, top, decimals } = map;
  return { kind, layers, heads, queries, keys, quantity, top, decimals, rows, columns };
}

/** The `expected` bytes of a raw deflate stream; stops as soon as there are more. */
export async function inflate(bytes, expected) {
  const out = new Uint8Array(expected);
  let length = 0;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > expected) {
        await reader.cancel();
        throw new DecodeError("block too long");
      }
      out.set(value, length);
      length += value.length;
    }
  } catch (error) {
    throw error instanceof DecodeError ? error : new DecodeError(`block damaged: ${error.message}`);
  }
  check(length === expected, `block of ${length} bytes, expected ${expected}`);
  return out;
}

/** A layer's weights [head, query, key] as uint16 of 1/65535 of the map's top, which is 1 for attention. */
export async function readLayer(bytes, map) {
  const count = map.heads * map.rows * map.columns;
  const planes = await inflate(bytes, 2 * count);
  const weights = new Uint16Array(count);
  for (let i = 0; i < count; i++) weights[i] = (planes[i] << 8) | planes[count + i];
  return weights;
}

/** All heads' miniatures: {height, width, pixels uint8 [layer, head, row, column]}. */
export async function readMiniatures(bytes, map) {
  const height = Math.ceil(map.rows / blockSize(map.rows));
  const width = Math.ceil(map.columns / blockSize(map.columns));
  return { height, width, pixels: await inflate(bytes, map.layers * map.heads * height * width) };
}
