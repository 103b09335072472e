import type { Verdict } from "../contract/finding.ts";
import type { DiagnosisSummary, Incident } from "../contract/incident.ts";
import type { LookedAt } from "../contract/looked-at.ts";
import type { Target } from "../contract/target.ts";
import { compare } from "../text/compare.ts";

/** A cluster of Aurora has at most a writer and 15 readers. */
const keptDatabases = 16;

/** A database to look at; known ones get their newest role. */
export function withDatabase(incident: Incident, { name, role }: Pick<Target, "name" | "role">): Incident {
  const known = incident.databases.find((database) => database.name === name);
  if (known === undefined) {
    if (incident.databases.length >= keptDatabases) return incident;
    return { ...incident, databases: [...incident.databases, { name, role, look: null }] };
  }
  // In the middle of a failover nobody is the writer: that is no news of who was.
  if (known.role === role || role === "unknown") return incident;
  const databases = incident.databases.map((one) => (one === known ? { ...one, role } : one));
  return { ...incident, databases };
}

/** RDS knows it no more; the last one stays, for an incident is always about some database. */
export function withoutDatabase(incident: Incident, name: string): Incident {
  const databases = incident.databases.filter((database) => database.name !== name);
  return databases.length === 0 ? incident : { ...incident, databases };
}

/**
 * One database a look, so that a look keeps its size whatever the group's: never looked at first, the writer before
 * the readers, then whose look is the oldest. What was just acted on comes first: people wait to hear whether it helped.
 */
export function nextDatabase(incident: Incident): Pick<LookedAt, "name" | "role"> {
  const [next] = incident.databases.toSorted(
    (a, b) => dueAt(a, incident) - dueAt(b, incident) || byRole(a) - byRole(b) || compare(a.name, b.name),
  );
  const { name, role } = next ?? incident.target;
  return { name, role };
}

function dueAt({ name, look }: LookedAt, { actions }: Incident): number {
  if (look === null) return 0;
  const acted = actions.some(
    ({ database, outcome, updatedAt }) => database === name && outcome !== null && updatedAt > look.at,
  );
  return acted ? -1 : look.cycle;
}

function byRole({ role }: LookedAt): number {
  return { writer: 0, unknown: 1, reader: 2 }[role];
}

/** The look is noted at its database; with the last one of a round the next round begins. */
export function withLook(
  incident: Incident,
  look: {
    readonly name: string;
    readonly cycle: number;
    readonly at: string;
    readonly summary: Pick<DiagnosisSummary, "verdict" | "severity" | "headline">;
  },
): Incident {
  const { name, cycle, at, summary } = look;
  const { verdict, severity, headline } = summary;
  const databases = incident.databases.map((one) =>
    one.name === name ? { ...one, look: { cycle, at, verdict, severity, headline } } : one,
  );
  const looked = { ...incident, databases };
  return isRoundOver(looked) ? { ...looked, round: cycle + 1 } : looked;
}

interface Unlocated {
  readonly unlocated?: { readonly name: string; readonly reason: string } | null;
  readonly cycle: number;
  readonly at: string;
}

/**
 * A look that did not find the one whose turn it was is that one's look all the same: it saw nothing of it. Otherwise
 * its turn would never pass, and RDS, which does not answer, would be asked again at once and for ever.
 */
export function withUnlocated(incident: Incident, { unlocated = null, cycle, at }: Unlocated): Incident {
  if (unlocated === null) return incident;
  const { name, reason } = unlocated;
  const headline = `${name} was not looked at: where it is could not be read (${reason})`;
  return withLook(incident, { name, cycle, at, summary: { verdict: "unknown", severity: null, headline } });
}

/** Every database was looked at since the round began. */
function isRoundOver({ databases, round }: Incident): boolean {
  return databases.every(({ look }) => look !== null && look.cycle >= round);
}

/** Some databases of this round have not had their look yet. */
export function isMidRound({ databases, round, cycle }: Incident): boolean {
  return round <= cycle && databases.length > 1;
}

const gravity = { well: 0, unknown: 1, unwell: 2 } satisfies Record<Verdict, number>;

/** Well is an incident whose databases are all well; one that was never looked at is not known. */
export function verdictOfAll({ databases }: Incident): Verdict {
  const verdicts = databases.map(({ look }) => look?.verdict ?? "unknown");
  return verdicts.toSorted((a, b) => gravity[b] - gravity[a])[0] ?? "unknown";
}

/** Which of two diagnoses an incident is about: the worse one. */
export function isWorse(a: DiagnosisSummary, b: DiagnosisSummary): boolean {
  const gravityOf = ({ verdict, severity }: DiagnosisSummary): number =>
    gravity[verdict] + { P0: 0.9, P1: 0.6, P2: 0.3, P3: 0 }[severity ?? "P3"];
  return gravityOf(a) > gravityOf(b);
}
