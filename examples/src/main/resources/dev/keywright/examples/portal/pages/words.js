// How the page speaks of times and of what the reports have found.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const DATE_AND_TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });

/** A length of time, as short as people say it. */
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

/** A time in the page: short to the eye, and exact for whoever points at it. */
export function time(at, words = DATE.format(at), exact = DATE_AND_TIME.format(at)) {
  const element = document.createElement("time");
  element.dateTime = new Date(at).toISOString();
  element.title = exact;
  element.textContent = words;
  return element;
}

/** The end of a key: the day of the last millisecond in which it works. One that ends at midnight ends with the day before. */
export const lastDay = (end) => time(end, DATE.format(end - 1), `works until ${DATE_AND_TIME.format(end)}`);

/** The end of a day of the calendar, given as 2026-02-28, where the person is. */
export function endOf(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + 1).getTime();
}

export const daysFromNow = (days, now) => now + days * DAY;

/** The first day that can be a last one where the person is, as a date field takes it. */
export function today(now) {
  const day = new Date(now);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/**
 * What should be known about a key, each as a sentence and whether it asks for something to be done.
 *
 * @param key the key
 * @param known what the reports say
 * @param rotation how far its rotation has come, where it has one and both keys work
 * @param now the portal's time
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
  const end = old.expires_at ? `ends ${until(old.expires_at, now)}` : "still works";
  const advice = rotation.safe_to_end ? "it can be revoked now" : "it may still be needed";
  return { sentence: `old key: a new one has taken its place; this one ${end}, and ${advice}`, urgent: false };
}
