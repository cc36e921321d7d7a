// The table of keys. Names are inserted as text and isolated, so that their text direction does not affect the surroundings.

import { ago, lastDay, notes, time } from "./words.js";

const COLUMNS = ["Name", "Owner", "Scopes", "Hint", "Created", "Last used", "Expires", "Actions"];

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
 * @param view the keys to show, their reports, the server's time, and whether the person manages all keys of the district
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
  if (key.environment) {
    name.append(" ", make("span", { class: "badge" }, key.environment));
  }
  if (key.suspended_at) {
    name.append(" ", make("span", { class: "badge bad" }, "suspended"));
  }
  if (key.description) {
    name.append(make("p", { class: "description" }, named(key.description)));
  }
  if (found.length > 0) {
    const items = found.map(({ sentence, urgent }) => make("li", urgent ? { class: "urgent" } : {}, sentence));
    name.append(make("ul", { class: "notes", "aria-label": "Notes" }, ...items));
  }
  return make(
    "tr",
    { role: "row", "data-id": key.id },
    name,
    cell("Owner", key.owner ? owner(key.owner) : "none"),
    cell("Scopes", scopes(key)),
    cell("Hint", make("code", {}, `…${key.hint}`)),
    cell("Created", time(key.created_at)),
    cell("Last used", key.last_used_at ? time(key.last_used_at, ago(key.last_used_at, view.now)) : "never"),
    cell("Expires", key.expires_at ? lastDay(key.expires_at) : "never"),
    cell("Actions", actions(key, view, act)),
  );
}

function cell(label, content) {
  return make("td", { role: "cell", "data-label": label }, make("div", {}, content));
}

function scopes(key) {
  return make("ul", { class: "scopes" }, ...key.scopes.map((scope) => make("li", {}, make("code", {}, scope))));
}

/** An owner with the text direction of the name isolated. */
export function owner(text) {
  const name = named(text.slice(text.indexOf(":") + 1));
  return text.startsWith("service:") ? make("span", {}, name, " (service)") : make("span", {}, name);
}

function actions(key, view, act) {
  const offered = [
    { action: "rotate", word: "Rotate", when: !key.suspended_at },
    { action: "complete", word: "Complete rotation", when: view.working.has(key.successor) },
    { action: "edit", word: "Edit", when: view.manages },
    { action: "suspend", word: "Suspend", when: view.manages && !key.suspended_at },
    { action: "resume", word: "Resume", when: view.manages && key.suspended_at },
    { action: "revoke", word: "Revoke", when: true },
  ];
  const buttons = offered
    .filter(({ when }) => when)
    .map(({ action, word }) => {
      const which = make("span", { class: "unseen" }, " ", named(key.name), `, hint ${key.hint}`);
      const button = make("button", { type: "button", "data-act": action }, word, which);
      button.addEventListener("click", () => act(action, key.id));
      return button;
    });
  return make("div", { class: "acts" }, ...buttons);
}
