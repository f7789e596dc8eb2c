// Takes in what the feeds are sent, and hands it to the view. A feed's data is one of
//   bytes                             a payload, or further layers of one
//   {supply: id}                      nothing now, but it can be asked for further layers of that payload
//   {to, show, selection, seq}        what the view `to` shows and what is picked there

import { readMessage } from "../data/decode.js";
import { sharedExchange } from "./exchange.js";

const HELD = Symbol("held");

/** What a feed has been sent. */
export function take({ data, parentElement, setStateValue }) {
  const exchange = sharedExchange();
  const ask = (want) => setStateValue("want", want);
  if (data instanceof Uint8Array) hold(exchange, data, parentElement, ask);
  else if (data?.supply) exchange.supply(data.supply, ask);
  else if (data?.to) exchange.link(data.to, data);
}

/** A feed is gone: nothing is held for it any more. */
export function leave(parentElement) {
  if (parentElement[HELD]) sharedExchange().release(parentElement[HELD], parentElement);
  parentElement[HELD] = null;
}

function hold(exchange, data, parentElement, ask) {
  let message;
  try {
    message = readMessage(data);
  } catch (error) {
    exchange.fail(error);
    return;
  }
  if (message.of) {
    exchange.extend(message);
    exchange.supply(message.of, ask);
    return;
  }
  const before = parentElement[HELD];
  if (before && before !== message.id) exchange.release(before, parentElement);
  parentElement[HELD] = message.id;
  exchange.hold(message, parentElement);
}
