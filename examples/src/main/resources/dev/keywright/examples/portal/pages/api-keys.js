// Settings → API Keys: what is loaded, and what is shown of it.

import { offer, open } from "./acts.js";
import * as api from "./api.js";
import { sentence, signInAgain } from "./dialogs.js";
import { make, named, table } from "./rows.js";

const $ = (id) => document.getElementById(id);
const NOTHING_KNOWN = { unused: new Set(), unusedScopes: new Map(), expiring: new Set() };

let person;
let loads = 0;
/** The button to focus once the list that is being loaded is shown; undefined if none. */
let awaited;
/** By how much the portal's clock is ahead of the one here. */
let ahead = 0;

/** What the page tells those that act on keys; and what they have it do. */
const page = {
  keys: [],
  get now() {
    return Date.now() + ahead;
  },
  load,
  /** Puts a key as the portal has told it alone in the place of what the list said of it. */
  keep(key) {
    page.keys = page.keys.map((one) => (one.id === key.id ? key : one));
  },
  /** Says what has been done. It is emptied first, so that the same words are heard again. */
  say(...words) {
    $("said").replaceChildren();
    requestAnimationFrame(() => $("said").replaceChildren(...words));
  },
  /** Focuses a button of a key, or the title if the key is gone. A key that is being loaded gets the focus once it is shown. */
  focusOn(what, id) {
    const row = [...document.querySelectorAll("tr[data-id]")].find((one) => one.dataset.id === id);
    const button = row?.querySelector(`[data-act="${what}"]`);
    awaited = !button && $("list").hasAttribute("aria-busy") ? { what, id } : undefined;
    (button ?? $("title")).focus();
  },
};

start();

async function start() {
  trouble();
  state(make("p", {}, "Loading the API keys…"));
  try {
    person = await api.me();
    $("person-name").textContent = person.name;
    $("person-district").textContent = person.district;
    $("person").hidden = false;
    offer(person.scopes, page);
  } catch (problem) {
    unreadable(problem);
    return;
  }
  await load();
}

/** Loads all there is to see; the reports first, since they see to it that the latest uses are written down. */
async function load() {
  loads += 1;
  const mine = loads;
  $("list").setAttribute("aria-busy", true);
  try {
    const { known, problem } = await reports();
    const { keys, now } = await api.list();
    const view = { keys, known, rotations: await rotations(keys), now };
    // Somebody has done something meanwhile: what was read before is not worth showing.
    if (mine === loads) {
      show(view, problem);
    }
  } catch (problem) {
    if (mine === loads) {
      unreadable(problem);
    }
  } finally {
    if (mine === loads) {
      $("list").removeAttribute("aria-busy");
      focusAwaited();
    }
  }
}

/** Focuses the awaited button, unless the focus was moved meanwhile. */
function focusAwaited() {
  if (awaited && document.activeElement === $("title")) {
    page.focusOn(awaited.what, awaited.id);
  }
  awaited = undefined;
}

/** Without the reports the list is still worth showing; without the permission neither can be had. */
async function reports() {
  try {
    return { known: await api.reports() };
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) {
      throw problem;
    }
    return { known: NOTHING_KNOWN, problem };
  }
}

/** How far each rotation has come of which both keys work, by the id of either. */
async function rotations(keys) {
  const working = new Set(keys.map((key) => key.id));
  const found = new Map();
  const progress = keys
    .filter((key) => working.has(key.successor))
    .map(async (old) => {
      const one = await api.rotation(old.id).catch(() => undefined);
      found.set(old.id, one).set(old.successor, one);
    });
  await Promise.all(progress);
  return found;
}

function show(view, problem) {
  const { act } = document.activeElement.dataset;
  const id = act && document.activeElement.closest("tr").dataset.id;
  page.keys = view.keys;
  ahead = view.now - Date.now();
  $("list").replaceChildren(table(view, open));
  $("create").hidden = false;
  state(...(view.keys.length > 0 ? [] : empty()));
  if (act) {
    page.focusOn(act, id);
  }
  trouble(...(problem ? [make("p", {}, "The reports on these keys could not be loaded: ", sentence(problem.message)), again()] : []));
}

/** Says where the list stands, in place of it. */
function state(...words) {
  $("state").replaceChildren(...words);
  $("list").hidden = words.length > 0;
}

function trouble(...words) {
  $("trouble").replaceChildren(...words);
}

function empty() {
  return [
    make("h2", {}, "No API keys yet"),
    make("p", {}, "No script can use the data of this district. Create a key for the first one that shall."),
  ];
}

function unreadable(problem) {
  $("create").hidden = true;
  state("");
  if (problem.status === 401) {
    trouble(make("p", {}, ...signInAgain()));
  } else if (problem.status === 403) {
    state(...closed(problem));
  } else if (problem instanceof api.Refused) {
    trouble(make("p", {}, "The API keys could not be loaded: ", sentence(problem.message)), again());
  } else {
    trouble(make("p", {}, "Something went wrong on this page. Load it again."));
    throw problem;
  }
}

function closed(problem) {
  return [
    make("h2", {}, "You may not manage API keys"),
    make("p", {}, "It takes the role Admin, or a role with the permission Settings. Yours is ", named(person.role), "."),
    make("p", {}, "The portal says: ", sentence(problem.message)),
  ];
}

function again() {
  const button = make("button", { type: "button" }, "Try again");
  button.addEventListener("click", () => {
    $("title").focus();
    start();
  });
  return button;
}
