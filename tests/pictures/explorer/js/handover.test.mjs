import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { sharedHandover } from "../../../../viz/pictures/explorer/frontend/page/handover.js";
import feed from "../../../../viz/pictures/explorer/frontend/page/feed.js";

const NAME = Symbol.for("attention-explorer.handover");

/** What a view does with what comes: it writes it down. */
function open() {
  const seen = [];
  sharedHandover().connect({ take: ({ data }) => seen.push(data), leave: ({ name }) => seen.push(`${name} left`) });
  return seen;
}

beforeEach(() => delete globalThis[NAME]);

test("what comes after the view is handed over at once", () => {
  const seen = open();
  const gone = feed({ data: 1, parentElement: { name: "a" } });
  feed({ data: 2, parentElement: { name: "b" } });
  assert.deepEqual(seen, [1, 2]);
  gone();
  assert.deepEqual(seen, [1, 2, "a left"]);
});

test("what comes before the view waits, of each feed the last, and is handed over once", () => {
  const [one, other] = [{ name: "a" }, { name: "b" }];
  feed({ data: 1, parentElement: one });
  feed({ data: 2, parentElement: other });
  const gone = feed({ data: 3, parentElement: one });
  assert.deepEqual(open(), [3, 2]);
  const again = open();
  assert.deepEqual(again, []);
  gone();
  assert.deepEqual(again, ["a left"]);
});

test("a feed that is gone before the view is there is never heard of", () => {
  feed({ data: 1, parentElement: { name: "a" } })();
  assert.deepEqual(open(), []);
});
