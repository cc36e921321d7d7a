// The one place where the text of a key is, for as long as its dialog is open: a text node. No variable, attribute, storage,
// address or event keeps it, so that it is gone with the node.

const dialog = document.getElementById("shown");
const place = document.getElementById("secret");
const copied = document.getElementById("copied");

/** Whether somebody has copied the key. */
let stored = false;
/** Whether it was said that nobody has. */
let warned = false;
let afterwards;

/**
 * Shows a new key, once.
 *
 * @param issued the portal's answer
 * @param more what else there is to say
 * @param then what to do when it has been dismissed
 */
export function show(issued, more, then) {
  place.textContent = issued.key;
  document.getElementById("shown-more").textContent = more;
  stored = false;
  warned = false;
  afterwards = then;
  dialog.showModal();
}

function forget() {
  place.replaceChildren();
  copied.replaceChildren();
  document.getSelection().removeAllRanges();
  afterwards();
}

async function copy() {
  try {
    await navigator.clipboard.writeText(place.textContent);
    stored = true;
    copied.textContent = "Copied.";
  } catch {
    document.getSelection().selectAllChildren(place);
    copied.textContent = "This browser does not let the page copy. The key is selected: copy it yourself.";
  }
}

document.getElementById("copy").addEventListener("click", copy);
document.getElementById("dismiss").addEventListener("click", () => dialog.close());
place.addEventListener("copy", () => (stored = true));

// The Escape key, or whatever else closes dialogs, must not lose a key that nobody has yet: it asks once. Browsers let a page
// hold their own closing up only now and then, but always the key that was pressed.
function askOnce(event) {
  if (!stored && !warned) {
    event.preventDefault();
    warned = true;
    copied.textContent = "The key has not been copied, and is not shown again. Press Escape once more to close all the same.";
  }
}

dialog.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.repeat) {
    // Still the same press.
    event.preventDefault();
  } else if (event.key === "Escape") {
    askOnce(event);
  }
});
dialog.addEventListener("cancel", askOnce);
dialog.addEventListener("close", forget);

// A page that is left must not keep it either: browsers may freeze it, to come back as it was. That a dialog was closed is told
// later, and so perhaps to a page that is frozen by then.
window.addEventListener("pagehide", () => {
  place.replaceChildren();
  dialog.close();
});
window.addEventListener("beforeunload", (event) => dialog.open && !stored && event.preventDefault());
