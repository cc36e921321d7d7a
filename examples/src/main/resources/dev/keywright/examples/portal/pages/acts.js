// Actions on keys: create, rotate, complete a rotation, edit, suspend, resume, revoke. Each has a dialog.

import * as api from "./api.js";
import { behave, Conflict, InvalidFields, isAboutKey } from "./dialogs.js";
import { make, named } from "./rows.js";
import { show } from "./secret.js";
import { ago, daysFromNow, endOf, today } from "./words.js";

const $ = (id) => document.getElementById(id);
const DIALOGS = {
  rotate: $("rotating"),
  complete: $("completing"),
  edit: $("editing"),
  suspend: $("suspending"),
  resume: $("resuming"),
  revoke: $("revoking"),
};

let page;
/** The id of the key in the open dialog. */
let about;
/** The values of the edited key when its dialog was opened: only what the user changes is sent. */
let before;

/** The key in the current list, which may be newer than the dialog. */
const key = () => page.keys.find((one) => one.id === about) ?? { id: about, version: 0, name: "" };

/** Sets the scopes and environments that the person may choose. */
export function offer(person, thePage) {
  page = thePage;
  $("scopes").replaceChildren(...person.scopes.map(choice));
  $("editing-scopes").replaceChildren(...person.scopes.map(choice));
  const environments = person.environments.map((name) => make("option", { value: name }, name));
  $("creating-environment").replaceChildren(make("option", { value: "" }, "none"), ...environments);
  $("creating-environment-field").hidden = environments.length === 0;
  $("creating").querySelectorAll("[data-managers]").forEach((field) => (field.hidden = !page.manages));
}

function choice({ scope, grants }) {
  const box = make("input", { type: "checkbox", name: "scopes", value: scope });
  return make("label", { class: "choice" }, box, make("span", {}, make("code", {}, scope), " ", make("span", {}, grants)));
}

/** Opens the dialog of an action on a key. */
export function open(action, id) {
  about = id;
  const chosen = key();
  if (action === "edit") {
    fill(chosen);
  }
  if (action === "suspend") {
    showOther(chosen);
  }
  if (action === "revoke" || action === "complete") {
    showUsage(DIALOGS[action], chosen, page.now);
    // The list may be stale. If the key cannot be loaded, the values of the list remain.
    const show = ({ key, now }) => about === id && showUsage(DIALOGS[action], key, now);
    api.fresh(id, page.manages).then(show, () => {});
  }
  isAboutKey(DIALOGS[action], chosen);
  DIALOGS[action].showModal();
  // If the list was reloaded in the meantime, the button that opened the dialog is gone; the focus moves to its replacement.
  const left = () => document.activeElement === document.body || DIALOGS[action].contains(document.activeElement);
  DIALOGS[action].addEventListener("close", () => left() && page.focusOn(action, id), { once: true });
}

/** Names the other key of a rotation, which a suspension does not cover. */
function showOther(key) {
  const other = page.keys.find((one) => !one.suspended_at && (one.id === key.successor || one.successor === key.id));
  const word = other?.id === key.successor ? "new" : "old";
  const words = other ? [`The ${word} key of its rotation, `, named(other.name), ` (…${other.hint}), still works. Suspend it separately.`] : [];
  $("suspending-other").replaceChildren(...words);
  $("suspending-other").hidden = !other;
}

function showUsage(dialog, key, now) {
  const use = key.last_used_at ? `; it was last used ${ago(key.last_used_at, now)}` : "; it was never used";
  dialog.querySelector(".used").textContent = use;
}

/** Fills in the form of a key. */
function fill(key) {
  before = editable(key);
  $("editing-name").value = before.name;
  $("editing-owner").value = before.owner;
  $("editing-description").value = before.description;
  scopeBoxes().forEach((box) => (box.checked = before.scopes.includes(box.value)));
}

const editable = ({ name, scopes = [], owner = "", description = "" }) => ({ name, scopes, owner, description });

const scopeBoxes = () => [...$("editing-scopes").querySelectorAll("input")];

$("create").addEventListener("click", () => {
  $("creating-day").min = today(page.now);
  $("creating-day-field").hidden = true;
  $("creating").showModal();
});

$("creating-end").addEventListener("change", (event) => {
  $("creating-day-field").hidden = event.target.value !== "day";
});

behave($("creating"), async (form) => {
  const newKey = { name: form.get("name"), scopes: form.getAll("scopes") };
  const end = form.get("end");
  const problems = {
    ...(newKey.name.trim() === "" && { name: "Enter a name." }),
    ...(newKey.scopes.length === 0 && { scopes: "Choose at least one." }),
    ...(end === "day" && !form.get("day") && { expires_at: "Choose a day." }),
  };
  if (Object.keys(problems).length > 0) {
    throw new InvalidFields(problems);
  }
  ["environment", "owner", "description"].filter((name) => form.get(name)).forEach((name) => (newKey[name] = form.get(name)));
  if (end !== "never") {
    newKey.expires_at = end === "day" ? endOf(form.get("day")) : daysFromNow(Number(end), page.now);
  }
  const issued = await reloadOnFailure(api.create(newKey));
  $("creating").close();
  show(issued, "", () => page.say("Created ", named(newKey.name), "."));
  page.load();
});

behave($("rotating"), async (form) => {
  const { name } = key();
  const hours = Number(form.get("overlap"));
  const issued = await reloadOnFailure(api.rotate(about, hours));
  const { id } = issued;
  $("rotating").close();
  show(issued, hours > 0 ? "The old key still works until the overlap ends; the list shows its use." : "The old key is revoked.", () => {
    page.focusOn("rotate", id);
    page.say("Rotated ", named(name), ".");
  });
  page.load();
});

behave($("editing"), async (form) => {
  const { id, version } = key();
  const changes = changed(form);
  const problems = {
    ...(form.get("name").trim() === "" && { name: "Enter a name." }),
    ...(changes.scopes?.length === 0 && { scopes: "Choose at least one." }),
  };
  if (Object.keys(problems).length > 0) {
    throw new InvalidFields(problems);
  }
  if (Object.keys(changes).length === 0) {
    return;
  }
  try {
    page.keep(await reloadOnFailure(api.change(id, version, changes)));
  } catch (problem) {
    throw problem.status === 409 ? await conflict(problem) : problem;
  }
  page.say("Changed ", named(form.get("name")), ".");
  page.load();
});

/** The members that the user has changed. Scopes that stay keep their order. */
function changed(form) {
  const changes = {};
  if (form.get("name") !== before.name) {
    changes.name = form.get("name");
  }
  const chosen = scopeBoxes().filter((box) => box.checked).map((box) => box.value);
  const kept = before.scopes.filter((scope) => chosen.includes(scope));
  if (kept.length < before.scopes.length || kept.length < chosen.length) {
    changes.scopes = [...kept, ...chosen.filter((scope) => !kept.includes(scope))];
  }
  ["owner", "description"].filter((name) => form.get(name) !== before[name]).forEach((name) => (changes[name] = form.get(name) || null));
  return changes;
}

/** Describes a conflict by the current name, and lets the user try again. */
async function conflict(problem) {
  const now = await api.fresh(about, page.manages).catch(() => undefined);
  if (!now || now.key.revoked_at || now.key.expires_at <= now.now) {
    return problem;
  }
  page.keep(now.key);
  isAboutKey($("editing"), now.key);
  return new Conflict("Another user has changed the key; its name is now ", named(now.key.name), ". You can still save your changes.");
}

behave($("suspending"), async (form) => {
  const { id, name } = key();
  page.keep(await reloadOnFailure(api.suspend(id, form.get("reason").trim())));
  page.say("Suspended ", named(name), ".");
  page.load();
});

behave($("resuming"), async () => {
  const { id, name } = key();
  page.keep(await reloadOnFailure(api.resume(id)));
  page.say("Resumed ", named(name), ".");
  page.load();
});

behave($("completing"), async () => {
  const { id, name } = key();
  await reloadOnFailure(api.completeRotation(id));
  page.say("Completed the rotation of ", named(name), ".");
  page.load();
});

behave($("revoking"), async () => {
  const { id, name } = key();
  await reloadOnFailure(api.revoke(id));
  page.say("Revoked ", named(name), ".");
  page.load();
});

/** Reloads the list if the request fails: a stale list may be the reason. */
async function reloadOnFailure(request) {
  try {
    return await request;
  } catch (problem) {
    if (problem.status !== 400 && problem.status !== 401) {
      page.load();
    }
    throw problem;
  }
}
