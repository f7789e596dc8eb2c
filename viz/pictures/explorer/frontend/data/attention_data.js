// One text's attention as it lies in the browser: texts, maps, and the layers that have arrived.

import { DecodeError, readLayer, readMiniatures } from "./decode.js";

/** Weights of one payload. Layers may come later; `head()` is null until then. */
export class Attention {
  constructor(message) {
    this.id = message.id;
    this.textId = message.id.split(".")[0]; // the same for other numbers of the same texts
    this.texts = message.texts;
    this.maps = message.maps;
    this.layers = message.maps.map((map) => new Array(map.layers).fill(null));
    this.miniatures = message.maps.map(() => null);
  }

  /** Take in the blocks of a message: its own first one, or one with further layers. */
  async absorb(message) {
    for (const block of message.blocks) {
      const number = block.miniatures ?? block.map;
      const map = this.maps[number];
      if (!map) throw new DecodeError("block of no map");
      if (block.miniatures !== undefined) {
        this.miniatures[number] = await readMiniatures(block.bytes, map);
      } else {
        if (!(block.layer in this.layers[number])) throw new DecodeError("block of no layer");
        this.layers[number][block.layer] = await readLayer(block.bytes, map);
      }
    }
  }

  /** The number of the map of this kind, the first where there is none. */
  number(kind) {
    return Math.max(0, this.maps.findIndex((map) => map.kind === kind));
  }

  has(number, layer) {
    return this.layers[number][layer] !== null;
  }

  /** One head's weights [query, key], a view of its layer; null while the layer is on its way. */
  head(number, layer, head) {
    const weights = this.layers[number][layer];
    if (!weights) return null;
    const size = this.maps[number].rows * this.maps[number].columns;
    return weights.subarray(head * size, (head + 1) * size);
  }

  /** [map, layer] of all that has not arrived, those of map `first` and layer `near` first. */
  missing(first, near) {
    const absent = [];
    this.layers.forEach((layers, number) =>
      layers.forEach((weights, layer) => weights || absent.push([number, layer])),
    );
    const distance = ([number, layer]) => (number === first ? 0 : 1000) + Math.abs(layer - near);
    return absent.sort((a, b) => distance(a) - distance(b));
  }

  queries(number) {
    return this.texts[this.maps[number].queries];
  }

  keys(number) {
    return this.texts[this.maps[number].keys];
  }
}
