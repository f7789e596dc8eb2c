// A component without a face: it is sent weights or a selection, and hands them over.

import { sharedHandover } from "./handover.js";

export default function (component) {
  return sharedHandover().deliver(component);
}
