// Client of the HTTP API. The browser adds the session cookie, which scripts cannot read.

/** A request has failed. */
export class RequestFailed extends Error {
  /**
   * @param {number} status the HTTP status; 0 if there is no response
   * @param {string} message a message for the user
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const NO_RESPONSE = "The portal does not answer.";

/** The base of relative paths: a proxy may serve the portal below a path prefix. */
const BASE = import.meta.url;

/** Sends a request; returns the body and the server's time, since the local clock may be wrong. */
async function send(method, path, body) {
  // A dialog cannot be closed during a request, so a request needs a time-out.
  const signal = AbortSignal.timeout(30_000);
  const request = { method, cache: "no-store", credentials: "same-origin", redirect: "error", signal };
  if (body) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let response;
  let answer;
  try {
    response = await fetch(new URL(path, BASE), request);
    answer = await response.json();
  } catch {
    throw new RequestFailed(0, method === "GET" ? NO_RESPONSE : `${NO_RESPONSE} The change may have been made: check the list.`);
  }
  if (!response.ok) {
    throw new RequestFailed(response.status, answer.error ?? "Something went wrong.");
  }
  return { answer, now: Date.parse(response.headers.get("Date")) || Date.now(), next: next(response) };
}

/** The URL of the next page of a list, resolved against the current one (RFC 8288). */
function next(response) {
  const reference = /<([^>]+)>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
  return reference && new URL(reference, response.url);
}

async function ask(method, path, body) {
  return (await send(method, path, body)).answer;
}

const key = (id) => `../api/keys/${encodeURIComponent(id)}`;

/** The signed-in person, which keys this person may manage, and what a new key may have. */
export const me = () => ask("GET", "../api/me");

/** All active keys, oldest first, and the server's time. */
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

/** A key and the server's time. A manager's report comes first because it writes buffered usage; reading a key does not. */
export async function fresh(id, manages) {
  if (manages) {
    await ask("GET", "../api/keys/reports/unused?days=30");
  }
  const { answer, now } = await send("GET", key(id));
  return { key: answer, now };
}

/** The results of the reports, by key id. */
export async function reports() {
  const [unused, scopes, expiring] = await Promise.all([
    ask("GET", "../api/keys/reports/unused?days=30"),
    ask("GET", "../api/keys/reports/unused-scopes"),
    ask("GET", "../api/keys/reports/expiring?days=30"),
  ]);
  return {
    unused: new Set(unused.map((one) => one.id)),
    // Without keys that were never used: the column of the last use says so.
    unusedScopes: new Map(scopes.filter((one) => one.enough).map((one) => [one.key.id, one.unused])),
    expiring: new Set(expiring.map((one) => one.id)),
  };
}

/** The progress of a rotation; 25 hours are longer than the pause of a nightly job. */
export const rotation = (id) => ask("GET", `${key(id)}/rotation?quiet_hours=25`);

export const create = (newKey) => ask("POST", "../api/keys", newKey);
export const rotate = (id, hours) => ask("POST", `${key(id)}/rotate`, { overlap_hours: hours });
export const change = (id, version, changes) => ask("PATCH", key(id), { version, ...changes });
export const suspend = (id, reason) => ask("POST", `${key(id)}/suspend`, reason ? { reason } : {});
export const resume = (id) => ask("POST", `${key(id)}/resume`);
export const completeRotation = (id) => ask("DELETE", `${key(id)}/rotation`);
export const revoke = (id) => ask("DELETE", key(id));
