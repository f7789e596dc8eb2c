// The view component: everything a person sees. Its data is {key, strings}; weights and selections come by the feeds.

import { App } from "./app.js";
import { theDoor } from "./handover.js";
import { theHub } from "./exchange.js";
import { leave, take } from "./intake.js";

const MOUNTED = Symbol("mounted");

theDoor().open({ take, leave });

export default function (component) {
  const { parentElement } = component;
  parentElement[MOUNTED] ??= new App(parentElement, theHub());
  parentElement[MOUNTED].update(component);
  return () => {
    parentElement[MOUNTED]?.close();
    parentElement[MOUNTED] = null;
  };
}
