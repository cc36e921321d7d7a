// The table of keys. Names are inserted as text and isolated, so that their text direction does not affect the surroundings.

import { ago, lastDay, notes, time } from "./words.js";

const COLUMNS = ["Name", "Scopes", "Hint", "Created", "Last used", "Expires", "Actions"];

/** Creates an element. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

/** A name with isolated text direction. */
export const named = (text) => make("bdi", {}, text);

/**
 * Creates the table. The roles are explicit, since the styles for narrow screens show it as a list of cards, and some browsers
 * then drop the implicit table roles.
 *
 * @param view the keys, their reports, and the server's time
 * @param act called with the action and the key's id when a button of a row is pressed
 */
export function table(view, act) {
  const head = COLUMNS.map((name) => make("th", { scope: "col", role: "columnheader" }, name));
  return make(
    "table",
    { role: "table", "aria-labelledby": "title" },
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...head)),
    make("tbody", { role: "rowgroup" }, ...view.keys.map((key) => row(key, view, act))),
  );
}

function row(key, view, act) {
  const found = notes(key, view.known, view.rotations.get(key.id), view.now);
  const name = make("th", { scope: "row", role: "rowheader" }, make("span", { class: "name" }, named(key.name)));
  if (found.length > 0) {
    const items = found.map(({ sentence, urgent }) => make("li", urgent ? { class: "urgent" } : {}, sentence));
    name.append(make("ul", { class: "notes", "aria-label": "Notes" }, ...items));
  }
  return make(
    "tr",
    { role: "row", "data-id": key.id },
    name,
    cell("Scopes", scopes(key)),
    cell("Hint", make("code", {}, `…${key.hint}`)),
    cell("Created", time(key.created_at)),
    cell("Last used", key.last_used_at ? time(key.last_used_at, ago(key.last_used_at, view.now)) : "never"),
    cell("Expires", key.expires_at ? lastDay(key.expires_at) : "never"),
    cell("Actions", actions(key, act)),
  );
}

function cell(label, content) {
  return make("td", { role: "cell", "data-label": label }, make("div", {}, content));
}

function scopes(key) {
  return make("ul", { class: "scopes" }, ...key.scopes.map((scope) => make("li", {}, make("code", {}, scope))));
}

function actions(key, act) {
  const buttons = ["Rotate", "Rename", "Revoke"].map((word) => {
    const which = make("span", { class: "unseen" }, " ", named(key.name), `, hint ${key.hint}`);
    const button = make("button", { type: "button", "data-act": word.toLowerCase() }, word, which);
    button.addEventListener("click", () => act(word.toLowerCase(), key.id));
    return button;
  });
  return make("div", { class: "acts" }, ...buttons);
}
