// Settings → API Keys: loads the keys and shows the list.

import { offer, open } from "./acts.js";
import * as api from "./api.js";
import { sentence, signInAgain } from "./dialogs.js";
import { filter, offerOwners } from "./filter.js";
import { make, named, table } from "./rows.js";

const $ = (id) => document.getElementById(id);
/** The button that replaces the one of an action when it has succeeded. */
const OPPOSITE = { suspend: "resume", resume: "suspend" };
const NO_REPORTS = { unused: new Set(), unusedScopes: new Map(), expiring: new Set() };

let person;
let loads = 0;
/** The keys and reports that were loaded last. */
let loaded;
/** The button to focus when the list has been loaded. */
let awaited;
/** Offset of the server's clock to the local one. */
let clockOffset = 0;

/** The interface of the page for the actions. */
const page = {
  keys: [],
  /** Whether the person manages all keys of the district; otherwise only those that the person owns. */
  get manages() {
    return !person.own_keys_only;
  },
  get now() {
    return Date.now() + clockOffset;
  },
  load,
  /** Replaces a key of the list with a newer version. */
  keep(key) {
    page.keys = page.keys.map((one) => (one.id === key.id ? key : one));
  },
  /** Announces a result. Cleared first, so that screen readers repeat the same text. */
  say(...words) {
    $("said").replaceChildren();
    requestAnimationFrame(() => $("said").replaceChildren(...words));
  },
  /** Focuses a button of a key, or the title if the key is gone. A key that is being loaded gets the focus once it is shown. */
  focusOn(action, id) {
    const row = [...document.querySelectorAll("tr[data-id]")].find((one) => one.dataset.id === id);
    const button = row?.querySelector(`[data-act="${action}"], [data-act="${OPPOSITE[action]}"]`);
    awaited = !button && $("list").hasAttribute("aria-busy") ? { action, id } : undefined;
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
    offer(person, page);
    if (!page.manages) {
      $("filter-owner").parentElement.hidden = true;
      $("title").textContent = "Your API keys";
      $("lead").textContent = "Scripts that you run for yourself use these API keys. Create a separate key for each, with only the scopes that it needs.";
    }
  } catch (problem) {
    unreadable(problem);
    return;
  }
  await load();
}

/** Loads the page; the reports come first, since they write buffered usage. */
async function load() {
  loads += 1;
  const mine = loads;
  $("list").setAttribute("aria-busy", true);
  try {
    const { known, problem } = await reports();
    const { keys, now } = await api.list();
    const view = { keys, known, rotations: await rotations(keys), now };
    // A later load has started: this result is stale.
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
    page.focusOn(awaited.action, awaited.id);
  }
  awaited = undefined;
}

/** Loads the reports. The list is shown without them, except if the session lacks the permission. */
async function reports() {
  if (!page.manages) {
    return { known: NO_REPORTS };
  }
  try {
    return { known: await api.reports() };
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) {
      throw problem;
    }
    return { known: NO_REPORTS, problem };
  }
}

/** The progress of each rotation with two active keys, by the id of either. */
async function rotations(keys) {
  const working = new Set(keys.map((key) => key.id));
  const found = new Map();
  if (!page.manages) {
    return found;
  }
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
  clockOffset = view.now - Date.now();
  loaded = { ...view, manages: page.manages, working: new Set(view.keys.map((key) => key.id)) };
  offerOwners(view.keys);
  showMatches();
  $("create").hidden = false;
  $("filter").hidden = view.keys.length === 0;
  state(...(view.keys.length > 0 ? [] : empty()));
  if (act) {
    page.focusOn(act, id);
  }
  trouble(...(problem ? [make("p", {}, "The reports on these keys could not be loaded: ", sentence(problem.message)), again()] : []));
}

/** Shows the keys that match the filter. The page has all active keys, so it asks for no others. */
function showMatches() {
  const keys = filter(loaded.keys);
  const all = loaded.keys.length;
  $("found").textContent = keys.length === all ? "" : `${keys.length} of ${all} keys`;
  $("list").replaceChildren(keys.length > 0 ? table({ ...loaded, keys }, open) : make("p", { class: "state" }, "No API key matches."));
}

$("filter").addEventListener("input", showMatches);
$("filter").addEventListener("submit", (event) => event.preventDefault());

/** Shows a status in place of the list. */
function state(...words) {
  $("state").replaceChildren(...words);
  $("list").hidden = words.length > 0;
}

function trouble(...words) {
  $("trouble").replaceChildren(...words);
}

function empty() {
  const reason = page.manages ? "No script can use the data of this district." : "You own no API key.";
  return [make("h2", {}, "No API keys yet"), make("p", {}, `${reason} Create a key for the first one.`)];
}

function unreadable(problem) {
  $("create").hidden = true;
  $("filter").hidden = true;
  state("");
  if (problem.status === 401) {
    trouble(make("p", {}, ...signInAgain()));
  } else if (problem.status === 403) {
    state(...closed(problem));
  } else if (problem instanceof api.RequestFailed) {
    trouble(make("p", {}, "The API keys could not be loaded: ", sentence(problem.message)), again());
  } else {
    trouble(make("p", {}, "Something went wrong on this page. Load it again."));
    throw problem;
  }
}

function closed(problem) {
  return [
    make("h2", {}, "You may not manage API keys"),
    make("p", {}, "It requires the role Admin, or a role with the permission Settings. Yours is ", named(person.role), "."),
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
