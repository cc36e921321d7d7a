// Actions on keys: create, rotate, rename, revoke. Each has a dialog.

import * as api from "./api.js";
import { behave, Conflict, InvalidFields, isAboutKey } from "./dialogs.js";
import { make, named } from "./rows.js";
import { show } from "./secret.js";
import { ago, daysFromNow, endOf, today } from "./words.js";

const $ = (id) => document.getElementById(id);
const DIALOGS = { rotate: $("rotating"), rename: $("renaming"), revoke: $("revoking") };

let page;
/** The id of the key in the open dialog. */
let about;

/** The key in the current list, which may be newer than the dialog. */
const key = () => page.keys.find((one) => one.id === about) ?? { id: about, version: 0, name: "" };

/** Sets the scopes of the create dialog. */
export function offer(scopes, thePage) {
  page = thePage;
  $("scopes").replaceChildren(...scopes.map(choice));
}

function choice({ scope, grants }) {
  const box = make("input", { type: "checkbox", name: "scopes", value: scope });
  return make("label", { class: "choice" }, box, make("span", {}, make("code", {}, scope), " ", make("span", {}, grants)));
}

/** Opens the dialog of an action on a key. */
export function open(action, id) {
  about = id;
  const chosen = key();
  if (action === "rename") {
    $("renaming-name").value = chosen.name;
  }
  if (action === "revoke") {
    showUsage(chosen, page.now);
    // The list may be stale. If the key cannot be loaded, the values of the list remain.
    api.fresh(id).then(({ key, now }) => about === id && showUsage(key, now), () => {});
  }
  isAboutKey(DIALOGS[action], chosen);
  DIALOGS[action].showModal();
  // If the list was reloaded in the meantime, the button that opened the dialog is gone; the focus moves to its replacement.
  const left = () => document.activeElement === document.body || DIALOGS[action].contains(document.activeElement);
  DIALOGS[action].addEventListener("close", () => left() && page.focusOn(action, id), { once: true });
}

function showUsage(key, now) {
  const use = key.last_used_at ? `; it was last used ${ago(key.last_used_at, now)}` : "; it was never used";
  $("revoking").querySelector(".used").textContent = use;
}

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

behave($("renaming"), async (form) => {
  const { id, version } = key();
  const name = form.get("name");
  if (name.trim() === "") {
    throw new InvalidFields({ name: "Enter a name." });
  }
  try {
    page.keep(await reloadOnFailure(api.rename(id, version, name)));
  } catch (problem) {
    throw problem.status === 409 ? await conflict(problem) : problem;
  }
  page.say("Renamed to ", named(name), ".");
  page.load();
});

/** Describes a conflict by the current name, and lets the user try again. */
async function conflict(problem) {
  const now = await api.fresh(about).catch(() => undefined);
  if (!now || now.key.revoked_at || now.key.expires_at <= now.now) {
    return problem;
  }
  page.keep(now.key);
  isAboutKey($("renaming"), now.key);
  return new Conflict("Another user has changed the key; its name is now ", named(now.key.name), ". You can still rename it.");
}

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
