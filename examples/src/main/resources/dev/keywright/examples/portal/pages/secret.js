// Shows the text of a new key in a text node while the dialog is open. No variable, attribute, storage, URL or event keeps it, so
// it is gone with the node.

const dialog = document.getElementById("shown");
const place = document.getElementById("secret");
const copied = document.getElementById("copied");

/** Whether the user has copied the key. */
let stored = false;
/** Whether the user was warned that the key is not copied. */
let warned = false;
let afterwards;

/**
 * Shows a new key, once.
 *
 * @param issued the response of the API
 * @param more additional text
 * @param then called when the dialog is closed
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

// Closing the dialog must not lose a key that is not copied: the page warns once. Browsers let a page cancel a close request only
// occasionally, but the Escape key always.
function askOnce(event) {
  if (!stored && !warned) {
    event.preventDefault();
    warned = true;
    copied.textContent = "The key has not been copied, and is not shown again. Press Escape once more to close it anyway.";
  }
}

dialog.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.repeat) {
    // Auto-repeat of the same press.
    event.preventDefault();
  } else if (event.key === "Escape") {
    askOnce(event);
  }
});
dialog.addEventListener("cancel", askOnce);
dialog.addEventListener("close", forget);

// A page in the back/forward cache must not keep the key. The close event is asynchronous and may not be delivered before the page is
// frozen, so the text is removed here.
window.addEventListener("pagehide", () => {
  place.replaceChildren();
  dialog.close();
});
window.addEventListener("beforeunload", (event) => dialog.open && !stored && event.preventDefault());
