// The filter above the list: by a part of the name, and by owner.

import { make } from "./rows.js";

const name = document.getElementById("filter-name");
const owner = document.getElementById("filter-owner");

const NO_OWNER = "none";

/** Offers the owners of the keys; keeps the chosen one while it has keys. */
export function offerOwners(keys) {
  const chosen = owner.value;
  const owners = [...new Set(keys.map((key) => key.owner).filter(Boolean))].sort();
  const options = owners.map((one) => make("option", { value: one }, one));
  owner.replaceChildren(make("option", { value: "" }, "any"), make("option", { value: NO_OWNER }, "none"), ...options);
  owner.value = [NO_OWNER, ...owners].includes(chosen) ? chosen : "";
}

/** The keys that match. Letters match in either case, and however their accents are encoded. */
export function filter(keys) {
  const part = folded(name.value.trim());
  return keys.filter((key) => folded(key.name).includes(part) && isOwned(key));
}

function isOwned(key) {
  return owner.value === "" || (key.owner ?? NO_OWNER) === owner.value;
}

const folded = (text) => text.normalize("NFKC").toLowerCase();
