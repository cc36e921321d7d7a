// How the dialogs behave: one request at a time, what is wrong beside where it is wrong, and nothing left behind.

import { Refused } from "./api.js";

/** The names by which the portal's sentences call what is shown here under another one. */
const WORDS = { expires_at: "the last day", overlap_hours: "the time", scopes: "what it may do" };

/**
 * Gives a dialog with a form its behaviour.
 *
 * @param dialog the dialog
 * @param act does what it is for, with the form's data; the dialog closes when it has been done
 */
export function behave(dialog, act) {
  const form = dialog.querySelector("form");
  let busy = false;
  const setBusy = (on) => {
    busy = on;
    form.setAttribute("aria-busy", on);
    // Not `disabled`: that would take the focus away from the button that was pressed.
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", on));
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    clear(dialog);
    setBusy(true);
    try {
      await act(new FormData(form));
      dialog.close();
    } catch (problem) {
      if (!dialog.open) {
        throw problem;
      }
      tell(dialog, problem);
    } finally {
      setBusy(false);
    }
  });
  dialog.querySelectorAll("[data-close]").forEach((button) => {
    button.addEventListener("click", () => busy || dialog.close());
  });
  // What has been asked for must be heard to its end: the answer may carry a key that is shown once.
  dialog.addEventListener("cancel", (event) => busy && event.preventDefault());
  dialog.addEventListener("keydown", (event) => busy && event.key === "Escape" && event.preventDefault());
  dialog.addEventListener("close", () => {
    form.reset();
    clear(dialog);
    dialog.querySelectorAll(".name, .hint").forEach((place) => place.replaceChildren());
  });
}

/** Says in a dialog which key it is about. */
export function isAboutKey(dialog, key) {
  dialog.querySelectorAll(".name").forEach((place) => (place.textContent = key.name));
  dialog.querySelectorAll(".hint").forEach((place) => (place.textContent = key.hint));
}

/** That fields are not as they must be, found before the portal was asked. */
export class Wrong extends Error {
  /** @param {Object<string, string>} problems a sentence for each field that has one */
  constructor(problems) {
    super();
    this.problems = problems;
  }
}

/** That something is in the way, in the page's own words: the portal's are for programs. */
export class InTheWay extends Error {
  /** @param words texts and elements */
  constructor(...words) {
    super();
    this.words = words;
  }
}

function clear(dialog) {
  dialog.querySelectorAll(".problem, .trouble").forEach((place) => place.replaceChildren());
  dialog.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
}

function tell(dialog, problem) {
  const trouble = dialog.querySelector(".trouble");
  const fields = problem instanceof Wrong ? problem.problems : ofOneField(problem);
  const places = [...dialog.querySelectorAll(".problem")].filter((place) => place.dataset.of in fields);
  if (places.length > 0) {
    places.forEach((place) => mark(dialog, place, fields[place.dataset.of]));
    dialog.querySelector("[aria-invalid]").focus();
  } else if (problem.status === 401) {
    trouble.replaceChildren(...signInAgain());
  } else if (problem instanceof InTheWay) {
    trouble.replaceChildren(...problem.words);
  } else if (problem instanceof Refused) {
    trouble.textContent = sentence(problem.message);
  } else {
    trouble.textContent = "Something went wrong on this page. Load it again.";
    throw problem;
  }
}

/** The portal begins its sentence with the name of the field that it does not take. */
function ofOneField(problem) {
  if (problem.status !== 400) {
    return {};
  }
  const field = problem.message.split(" ", 1)[0];
  return { [field]: sentence((WORDS[field] ?? field) + problem.message.slice(field.length)) };
}

function mark(dialog, place, words) {
  place.textContent = words;
  const inputs = [...dialog.querySelectorAll("input, select")].filter((input) => isAbout(place, input));
  inputs.forEach((input) => input.setAttribute("aria-invalid", true));
}

/** Whether a problem is that of a field, or of the group that it stands in. */
function isAbout(place, input) {
  return [input, input.closest("fieldset")].some((one) => one?.getAttribute("aria-describedby")?.includes(place.id));
}

/** The portal's sentences begin small and have no full stop, as they also stand inside others. */
export function sentence(words) {
  return words.charAt(0).toUpperCase() + words.slice(1) + (words.endsWith(".") ? "" : ".");
}

export function signInAgain() {
  const link = document.createElement("a");
  link.href = "../sign-in";
  link.textContent = "Sign in again";
  return ["You are no longer signed in. ", link, "."];
}
