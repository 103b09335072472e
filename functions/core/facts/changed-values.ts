import type { Change } from "../contract/context.ts";
import { argument, takesMs } from "./change-calls.ts";
import type { Kind } from "./change-words.ts";
import { isSaid, type LogWords, logRecords } from "./log-lines.ts";
import { eventsOf, selfOf } from "./rds-facts.ts";
import { tablesOf } from "./table-facts.ts";
import type { View } from "./view.ts";

const dayMinutes = 24 * 60;

/** RDS tells both versions when all is done. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
const versions =
  /version upgrade complete\W*Previous version: ([\w.]+?)\.?\s.*New version: ([\w.]+?)\.?(\s|$)/i;

/** Class or version before and after; null where nothing that was seen tells. */
export function valuesOf(
  view: View,
  kind: Kind,
  call: Change | null,
  at: string,
): { from: string | null; to: string | null } {
  const self = selfOf(view);
  const name = kind === "class" ? "dBInstanceClass" : "engineVersion";
  if (kind !== "class" && !isUpgrade(kind)) return { from: null, to: null };
  const told = isUpgrade(kind) ? toldVersions(view, at) : null;
  const now =
    kind === "class"
      ? (self?.instanceClass ?? view.evidence.target.instanceClass)
      : (self?.engineVersion ?? view.evidence.target.engineVersion);
  const to = told?.to ?? (call === null ? null : argument(call, name)) ?? now;
  return { from: told?.from ?? call?.before?.[name] ?? null, to };
}

function toldVersions(view: View, at: string): { readonly from: string; readonly to: string } | null {
  const near = eventsOf(view, view.evidence.target.name, dayMinutes, true).filter(
    (event) => Math.abs(Date.parse(event.at) - Date.parse(at)) <= takesMs,
  );
  const [, from = null, to = null] =
    near.map(({ message }) => versions.exec(message)).find((hit) => hit !== null) ?? [];
  return from === null || to === null ? null : { from, to };
}

function isUpgrade(kind: Kind): boolean {
  return kind === "upgrade" || kind === "major-upgrade" || kind === "minor-upgrade";
}

/** By the versions; else by the check before it, which PostgreSQL's major upgrades have, or by what the call allowed. */
export function upgradeKind(view: View, at: string, call: Change | null): Kind {
  const { engine } = view.evidence.target;
  const { from, to } = valuesOf(view, "upgrade", call, at);
  if (from !== null && to !== null)
    return seriesOf(from, engine) === seriesOf(to, engine) ? "minor-upgrade" : "major-upgrade";
  const events = eventsOf(view, view.evidence.target.name, dayMinutes, true);
  const said = events.find(
    ({ message }) => /\b(major|minor) version upgrade\b/i.test(message) && !/available/i.test(message),
  )?.message;
  if (said !== undefined) return /major/i.test(said) ? "major-upgrade" : "minor-upgrade";
  // pg_upgrade is tried beforehand, and a minor upgrade has none.
  const checked =
    engine === "postgres" && events.some(({ message }) => /pre-?check (started|finished)/i.test(message));
  if (checked) return "major-upgrade";
  return call !== null && /allowMajorVersionUpgrade=true/i.test(call.detail ?? "")
    ? "major-upgrade"
    : "upgrade";
}

/** PostgreSQL's major version is its first number, that of MySQL and MariaDB the first two. */
function seriesOf(version: string, engine: View["evidence"]["target"]["engine"]): string {
  return version
    .split(".")
    .slice(0, engine === "postgres" ? 1 : 2)
    .join(".");
}

/** https://www.postgresql.org/docs/18/pgupgrade.html: "most optimizer statistics" are transferred. */
export function keepsNoStatistics(
  view: View,
  { to, at }: { readonly to: string | null; readonly at: string },
): boolean {
  const version = Number.parseInt(to ?? "", 10);
  return view.evidence.target.engine === "postgres" && !(version >= 18) && !wasAnalyzed(view, at);
}

/** A whole database, by whoever may. */
export const analyzedAll: LogWords = {
  levels: ["LOG"],
  says: /^duration: [\d.]{1,20} ms {1,2}statement: analyze(?: verbose)?;?$/i,
};

/** By the log, where the tables themselves could not be seen. */
function wasAnalyzed(view: View, at: string): boolean {
  const since = Date.parse(at) / 1000;
  return (
    tablesOf(view) === null &&
    logRecords(view.evidence).some((record) => record.at >= since && isSaid(record, analyzedAll))
  );
}
