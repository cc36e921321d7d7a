// Formats times and the results of the reports.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const DATE_AND_TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });

/** Formats a duration in one unit. */
function span(millis) {
  if (millis < 1.5 * MINUTE) {
    return "1 min";
  }
  if (millis < 90 * MINUTE) {
    return `${Math.round(millis / MINUTE)} min`;
  }
  return millis < 2 * DAY ? `${Math.round(millis / HOUR)} h` : `${Math.round(millis / DAY)} days`;
}

export function ago(at, now) {
  return now - at < MINUTE ? "just now" : `${span(now - at)} ago`;
}

export const until = (at, now) => `in ${span(Math.max(at - now, 0))}`;

/** A time element with a short text and the exact time as its title. */
export function time(at, words = DATE.format(at), exact = DATE_AND_TIME.format(at)) {
  const element = document.createElement("time");
  element.dateTime = new Date(at).toISOString();
  element.title = exact;
  element.textContent = words;
  return element;
}

/** The last day on which a key is active; a key that expires at midnight is not active on that day. */
export const lastDay = (expiry) => time(expiry, DATE.format(expiry - 1), `works until ${DATE_AND_TIME.format(expiry)}`);

/** The end of an ISO date in the local time zone. */
export function endOf(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + 1).getTime();
}

export const daysFromNow = (days, now) => now + days * DAY;

/** Today as an ISO date in the local time zone. */
export function today(now) {
  const day = new Date(now);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/**
 * The notes on a key, each with a sentence and whether it is urgent.
 *
 * @param key the key
 * @param known the results of the reports
 * @param rotation the progress of its rotation, if both keys are active
 * @param now the server's time
 */
export function notes(key, known, rotation, now) {
  const found = [];
  if (rotation) {
    found.push(rotated(key, rotation, now));
  }
  if (known.expiring.has(key.id) && rotation?.predecessor.id !== key.id) {
    found.push({ sentence: `expires ${until(key.expires_at, now)}`, urgent: key.expires_at - now < 7 * DAY });
  }
  if (known.unused.has(key.id)) {
    found.push({ sentence: `not used for ${span(now - (key.last_used_at ?? key.created_at))}`, urgent: true });
  }
  if (known.unusedScopes.has(key.id)) {
    found.push({ sentence: `never used ${known.unusedScopes.get(key.id).join(", ")}`, urgent: false });
  }
  return found;
}

function rotated(key, rotation, now) {
  const old = rotation.predecessor;
  const use = old.last_used_at ? `was last used ${ago(old.last_used_at, now)}` : "was never used";
  if (key.id !== old.id) {
    return { sentence: `rotated: the old key ${use}`, urgent: false };
  }
  const expiry = old.expires_at ? `expires ${until(old.expires_at, now)}` : "still works";
  const advice = rotation.safe_to_end ? "it can be revoked now" : "it may still be needed";
  return { sentence: `old key: replaced by a new one; ${expiry}, and ${advice}`, urgent: false };
}
