// A component without a face: it is sent weights, or where they are and what is picked, and hands that over.

import { sharedHandover } from "./handover.js";

export default function (component) {
  return sharedHandover().deliver(component);
}
