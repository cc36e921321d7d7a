// What can be done about keys, each in a dialog of its own.

import * as api from "./api.js";
import { behave, InTheWay, isAboutKey, Wrong } from "./dialogs.js";
import { make, named } from "./rows.js";
import { show } from "./secret.js";
import { ago, daysFromNow, endOf, today } from "./words.js";

const $ = (id) => document.getElementById(id);
const DIALOGS = { rotate: $("rotating"), rename: $("renaming"), revoke: $("revoking") };

let page;
/** The id of the key that the open dialog is about. */
let about;

/** The key as the list has it by now: somebody may have changed it since the dialog was opened. */
const key = () => page.keys.find((one) => one.id === about) ?? { id: about, version: 0, name: "" };

/** Offers scopes to new keys. */
export function offer(scopes, thePage) {
  page = thePage;
  $("scopes").replaceChildren(...scopes.map(choice));
}

function choice({ scope, grants }) {
  const box = make("input", { type: "checkbox", name: "scopes", value: scope });
  return make("label", { class: "choice" }, box, make("span", {}, make("code", {}, scope), " ", make("span", {}, grants)));
}

/** Opens the dialog for what is to be done about a key. */
export function open(what, id) {
  about = id;
  const chosen = key();
  if (what === "rename") {
    $("renaming-name").value = chosen.name;
  }
  if (what === "revoke") {
    tellUse(chosen, page.now);
    // The page may have been open for long. If nothing newer can be had, what the list says stands.
    api.fresh(id).then(({ key, now }) => about === id && tellUse(key, now), () => {});
  }
  isAboutKey(DIALOGS[what], chosen);
  DIALOGS[what].showModal();
  // The button that opened it is gone where the list was loaded again meanwhile; the one in its place gets the focus then.
  const left = () => document.activeElement === document.body || DIALOGS[what].contains(document.activeElement);
  DIALOGS[what].addEventListener("close", () => left() && page.focusOn(what, id), { once: true });
}

function tellUse(key, now) {
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
  const wanted = { name: form.get("name"), scopes: form.getAll("scopes") };
  const end = form.get("end");
  const problems = {
    ...(wanted.name.trim() === "" && { name: "Give it a name." }),
    ...(wanted.scopes.length === 0 && { scopes: "Choose at least one." }),
    ...(end === "day" && !form.get("day") && { expires_at: "Choose a day." }),
  };
  if (Object.keys(problems).length > 0) {
    throw new Wrong(problems);
  }
  if (end !== "never") {
    wanted.expires_at = end === "day" ? endOf(form.get("day")) : daysFromNow(Number(end), page.now);
  }
  const issued = await doing(api.create(wanted));
  $("creating").close();
  show(issued, "", () => page.say("Created ", named(wanted.name), "."));
  page.load();
});

behave($("rotating"), async (form) => {
  const { name } = key();
  const hours = Number(form.get("overlap"));
  const issued = await doing(api.rotate(about, hours));
  const { id } = issued;
  $("rotating").close();
  show(issued, hours > 0 ? "The old key still works for a while; the list says how it is used." : "The old key works no longer.", () => {
    page.focusOn("rotate", id);
    page.say("Rotated ", named(name), ".");
  });
  page.load();
});

behave($("renaming"), async (form) => {
  const { id, version } = key();
  const name = form.get("name");
  if (name.trim() === "") {
    throw new Wrong({ name: "Give it a name." });
  }
  try {
    page.keep(await doing(api.rename(id, version, name)));
  } catch (problem) {
    throw problem.status === 409 ? await whatIsInTheWay(problem) : problem;
  }
  page.say("Renamed to ", named(name), ".");
  page.load();
});

/** Tells what a key is called by now, and lets whoever has read that go on. */
async function whatIsInTheWay(problem) {
  const now = await api.fresh(about).catch(() => undefined);
  if (!now || now.key.revoked_at || now.key.expires_at <= now.now) {
    return problem;
  }
  page.keep(now.key);
  isAboutKey($("renaming"), now.key);
  return new InTheWay("Somebody else has changed it meanwhile; it is now called ", named(now.key.name), ". You may still rename it.");
}

behave($("revoking"), async () => {
  const { id, name } = key();
  await doing(api.revoke(id));
  page.say("Revoked ", named(name), ".");
  page.load();
});

/** Whatever is refused, the list may be out of date, which may be why. */
async function doing(request) {
  try {
    return await request;
  } catch (problem) {
    if (problem.status !== 400 && problem.status !== 401) {
      page.load();
    }
    throw problem;
  }
}
