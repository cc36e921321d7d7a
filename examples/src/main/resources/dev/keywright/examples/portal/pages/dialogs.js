// Behaviour of the dialogs: one request at a time, errors beside their fields, and no state kept after closing.

import { RequestFailed } from "./api.js";

/** Labels of the fields whose JSON name differs. */
const LABELS = { expires_at: "the last day", overlap_hours: "the overlap" };

/**
 * Adds the behaviour to a dialog with a form.
 *
 * @param dialog the dialog
 * @param act performs the action with the data of the form; the dialog closes when it resolves
 */
export function behave(dialog, act) {
  const form = dialog.querySelector("form");
  let busy = false;
  const setBusy = (on) => {
    busy = on;
    form.setAttribute("aria-busy", on);
    // `disabled` would take the focus away from the button.
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
      showProblem(dialog, problem);
    } finally {
      setBusy(false);
    }
  });
  dialog.querySelectorAll("[data-close]").forEach((button) => {
    button.addEventListener("click", () => busy || dialog.close());
  });
  // The dialog stays open during a request: the response may have a key that is shown once.
  dialog.addEventListener("cancel", (event) => busy && event.preventDefault());
  dialog.addEventListener("keydown", (event) => busy && event.key === "Escape" && event.preventDefault());
  dialog.addEventListener("close", () => {
    form.reset();
    clear(dialog);
    dialog.querySelectorAll(".name, .hint").forEach((place) => place.replaceChildren());
  });
}

/** Shows the name and hint of a key in a dialog. */
export function isAboutKey(dialog, key) {
  dialog.querySelectorAll(".name").forEach((place) => (place.textContent = key.name));
  dialog.querySelectorAll(".hint").forEach((place) => (place.textContent = key.hint));
}

/** Fields are invalid, found before sending a request. */
export class InvalidFields extends Error {
  /** @param {Object<string, string>} problems the message of each invalid field */
  constructor(problems) {
    super();
    this.problems = problems;
  }
}

/** The request conflicts with a change of another user. Has a message of the page; that of the API is for programs. */
export class Conflict extends Error {
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

function showProblem(dialog, problem) {
  const trouble = dialog.querySelector(".trouble");
  const fields = problem instanceof InvalidFields ? problem.problems : fieldProblem(problem);
  const places = [...dialog.querySelectorAll(".problem")].filter((place) => place.dataset.of in fields && !place.closest("[hidden]"));
  if (places.length > 0) {
    places.forEach((place) => mark(dialog, place, fields[place.dataset.of]));
    dialog.querySelector("[aria-invalid]").focus();
  } else if (problem.status === 401) {
    trouble.replaceChildren(...signInAgain());
  } else if (problem instanceof Conflict) {
    trouble.replaceChildren(...problem.words);
  } else if (problem instanceof RequestFailed) {
    // The field of an invalid value may be hidden.
    trouble.textContent = Object.values(fields)[0] ?? sentence(problem.message);
  } else {
    trouble.textContent = "Something went wrong on this page. Load it again.";
    throw problem;
  }
}

/** The message of a 400 begins with the name of the invalid field. */
function fieldProblem(problem) {
  if (problem.status !== 400) {
    return {};
  }
  const field = problem.message.split(" ", 1)[0];
  return { [field]: sentence((LABELS[field] ?? field) + problem.message.slice(field.length)) };
}

function mark(dialog, place, words) {
  place.textContent = words;
  const inputs = [...dialog.querySelectorAll("input, select")].filter((input) => isAbout(place, input));
  inputs.forEach((input) => input.setAttribute("aria-invalid", true));
}

/** Whether a problem belongs to an input, or to its fieldset. */
function isAbout(place, input) {
  return [input, input.closest("fieldset")].some((one) => one?.getAttribute("aria-describedby")?.includes(place.id));
}

/** Capitalizes a message of the API and adds a full stop. */
export function sentence(words) {
  return words.charAt(0).toUpperCase() + words.slice(1) + (words.endsWith(".") ? "" : ".");
}

export function signInAgain() {
  const link = document.createElement("a");
  link.href = "../sign-in";
  link.textContent = "Sign in again";
  return ["You are no longer signed in. ", link, "."];
}
