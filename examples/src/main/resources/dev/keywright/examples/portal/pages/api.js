// What the page asks of the portal. The browser adds the session's cookie; no script can read it.

/** What the portal would not do, in its own words. */
export class Refused extends Error {
  /**
   * @param {number} status what HTTP calls it; 0 where no answer came
   * @param {string} sentence for a person
   */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

const SILENCE = "The portal does not answer.";

/** What paths are relative to: where this file is, since a proxy may have the portal below a path of its own. */
const HERE = import.meta.url;

/** Asks, and gives back the answer with the time at which the portal gave it: the clock here may be wrong. */
async function send(method, path, body) {
  // A dialog waits for its answer, and nobody could close it if none ever came.
  const signal = AbortSignal.timeout(30_000);
  const request = { method, cache: "no-store", credentials: "same-origin", redirect: "error", signal };
  if (body) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let response;
  let answer;
  try {
    response = await fetch(new URL(path, HERE), request);
    answer = await response.json();
  } catch {
    throw new Refused(0, method === "GET" ? SILENCE : `${SILENCE} It may have been done all the same: see the list.`);
  }
  if (!response.ok) {
    throw new Refused(response.status, answer.error ?? "Something went wrong.");
  }
  return { answer, now: Date.parse(response.headers.get("Date")) || Date.now(), next: next(response) };
}

/** The address of the next page of a list, which is relative to that of this page (RFC 8288). */
function next(response) {
  const reference = /<([^>]+)>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
  return reference && new URL(reference, response.url);
}

async function ask(method, path, body) {
  return (await send(method, path, body)).answer;
}

const key = (id) => `../api/keys/${encodeURIComponent(id)}`;

/** Who is signed in, and what scopes there are. */
export const me = () => ask("GET", "../api/me");

/** All keys that work, oldest first, and when that was. */
export async function list() {
  const keys = [];
  let path = "../api/keys?status=active&limit=1000";
  let now;
  while (path) {
    const page = await send("GET", path);
    keys.push(...page.answer);
    now = page.now;
    path = page.next;
  }
  return { keys, now };
}

/** A key as it is now, and when that was; its latest uses too, which a report has written down, and reading a key does not. */
export async function fresh(id) {
  await ask("GET", "../api/keys/reports/unused?days=30");
  const { answer, now } = await send("GET", key(id));
  return { key: answer, now };
}

/** What the reports say of keys, by their ids. */
export async function reports() {
  const [unused, scopes, expiring] = await Promise.all([
    ask("GET", "../api/keys/reports/unused?days=30"),
    ask("GET", "../api/keys/reports/unused-scopes"),
    ask("GET", "../api/keys/reports/expiring?days=30"),
  ]);
  return {
    unused: new Set(unused.map((one) => one.id)),
    // One that was never used at all says so where its last use stands; that it used no scope goes without saying.
    unusedScopes: new Map(scopes.filter((one) => one.enough).map((one) => [one.key.id, one.unused])),
    expiring: new Set(expiring.map((one) => one.id)),
  };
}

/** How far the rotation of a key has come: whether the old one was quiet for longer than a nightly job pauses. */
export const rotation = (id) => ask("GET", `${key(id)}/rotation?quiet_hours=25`);

export const create = (wanted) => ask("POST", "../api/keys", wanted);
export const rotate = (id, hours) => ask("POST", `${key(id)}/rotate`, { overlap_hours: hours });
export const rename = (id, version, name) => ask("PATCH", key(id), { version, name });
export const revoke = (id) => ask("DELETE", key(id));
