// What all views on a canvas share: what is pointed at, by the pointer or by a key, and what a person does with it.

import { attachGestures, listenToKeys } from "./gestures.js";

/** Whether two places of a view are the same; a place is an array, or null. */
export const samePlace = (one, other) => String(one) === String(other);

/**
 * A view of `app`. A subclass says what lies where and what happens there:
 *   placeAt(event)  the place under the pointer: an array, or null
 *   drawPointed()   draws what differs with `this.pointed`, the place pointed at
 *   pick(place)     a person clicked there, or on nothing (null)
 *   press(event)    a key; returns false where it is none of the view's
 */
export class CanvasView {
  /** `surface` hears the pointer, `focusable` the keys; `gestures` are those of attachGestures beyond pointing. */
  constructor(app, surface, focusable = surface, gestures = {}) {
    this.app = app;
    this.pointed = null;
    attachGestures(surface, {
      hover: (event) => this.point(this.placeAt(event)),
      leave: () => this.point(null),
      tap: (event) => this.pick(this.placeAt(event)),
      ...gestures,
    });
    listenToKeys(focusable, (event) => this.press(event));
  }

  /** Point at a place, or at none. */
  point(place) {
    if (samePlace(place, this.pointed)) return;
    this.pointed = place;
    this.drawPointed();
  }
}
