import { duration } from "../text/wording.ts";
import { readingOf } from "./metric-facts.ts";
import { parametersSet, setText } from "./parameters-set.ts";
import { eventsOf, minutesSince } from "./rds-facts.ts";
import type { Stop } from "./replica-facts.ts";
import type { View } from "./view.ts";

/** A row that is there already, or is not there: what a replica meets that somebody else has written to, too. */
const meetsOther = /\b(?:1062|1032)\b|Duplicate entry|Can't find record/;
const off = /^(?:0|off|false)$/i;

/**
 * "; likely since somebody could write here, by the change of read_only to 0 by ana 20 h ago": it stands at a row that is
 * not as its source has it, and applied changes while it was open. Of the database that was looked at alone, whose groups
 * were read. Who opens one that stands already is about to mend it: empty then.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Troubleshooting.html
 */
export function openedForWrites(view: View, subject: string, { error, why }: Stop): string {
  const own = subject === "" || subject === view.evidence.target.name;
  if (!own || !meetsOther.test(`${why} ${error ?? ""}`)) return "";
  const ran = ranUntil(view);
  const opened = parametersSet(view).find(
    ({ name, value, method, at }) =>
      name === "read_only" &&
      off.test(value) &&
      /^immediate/i.test(method) &&
      ran !== null &&
      Date.parse(at) < ran,
  );
  return opened === undefined
    ? ""
    : `; likely since somebody could write here, by the change of ${setText(opened)} ${duration(60 * minutesSince(view, opened.at))} ago`;
}

/** Epoch milliseconds of the last moment at which it was seen to apply, or at which RDS told that it stopped; null: not seen. */
function ranUntil(view: View): number | null {
  const { name } = view.evidence.target;
  const points = view.evidence.metrics
    .filter(({ id, dimensions }) => id === "ReplicaLag" && dimensions["DBInstanceIdentifier"] === name)
    .flatMap((series) => series.points)
    .filter(({ value }) => value >= 0)
    .map(({ at }) => Date.parse(at));
  const earlier = readingOf(view, "ReplicaLag", name)?.earlier ?? null;
  const steps = (earlier?.values ?? []).flatMap((value, step) =>
    value === null || value < 0 || earlier === null
      ? []
      : [Date.parse(earlier.from) + 1000 * earlier.stepSeconds * step],
  );
  const seen = [...points, ...steps];
  if (seen.length > 0) return Math.max(...seen);
  const told = eventsOf(view, name, 24 * 60).filter(({ message }) =>
    /replica\w* .*(?:error|stopped)/i.test(message),
  );
  const [first] = told.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b);
  return first ?? null;
}
