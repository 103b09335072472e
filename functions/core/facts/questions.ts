import type { ProbeResult } from "../contract/evidence.ts";
import type { Engine } from "../contract/target.ts";
import { isKnownReplica, tellsLag } from "./known-replica.ts";
import type { View } from "./view.ts";

/** What has to be seen before anybody may say that a database is well (SPEC D7). */
export interface Question {
  readonly what: string;
  /** "sees no …". */
  readonly word: string;
  /** One of each list has to have answered: MySQL keeps row locks and metadata locks apart. */
  readonly answeredBy: Readonly<Record<"postgres" | "mysql", readonly (readonly string[])[]>>;
  /** That there is nothing is no answer. */
  readonly byRows?: true;
}

const locks: Question = {
  what: "who waits for whose locks",
  word: "locks",
  answeredBy: {
    postgres: [["postgres-blocking"]],
    // A URL of mysql:// may lead to MariaDB.
    mysql: [["mysql-row-locks", "mariadb-row-locks"], ["mysql-metadata-locks"]],
  },
};

const following: Question = {
  what: "whether it follows its source",
  word: "replication",
  byRows: true,
  answeredBy: {
    postgres: [["postgres-replication-receiver"]],
    mysql: [["mysql-replication", "mariadb-replication"]],
  },
};

const commonQuestions: readonly Question[] = [
  { what: "the server's limits", word: "limits of the server", answeredBy: byFamily("server") },
  { what: "its connections", word: "sessions", answeredBy: byFamily("connections") },
  { what: "its running statements", word: "sessions", answeredBy: byFamily("sessions") },
  locks,
];

/** Of a replica that is known as one, the lag that CloudWatch tells is an answer as well. */
export function questionsOf(view: View): readonly Question[] {
  const open = isKnownReplica(view) && !tellsLag(view.evidence);
  return open ? [...commonQuestions, following] : commonQuestions;
}

function byFamily(name: string): Question["answeredBy"] {
  return { postgres: [[`postgres-${name}`]], mysql: [[`mysql-${name}`]] };
}

/** Whether no probe was asked that could answer a part of the question. */
export function wasNotAsked({ evidence }: View, { answeredBy }: Question): boolean {
  const asked = new Set(evidence.probes.map(({ id }) => id));
  return answeredBy[familyOf(evidence.target.engine)].some((ids) => ids.every((id) => !asked.has(id)));
}

function familyOf(engine: Engine): "postgres" | "mysql" {
  return engine === "postgres" ? "postgres" : "mysql";
}

/** Probes of a question that brought no answer; of those that could have, the ones that were asked. */
function silentProbes({ evidence }: View, { answeredBy, byRows }: Question): readonly string[] {
  const { connection, probes, target } = evidence;
  const connected = connection.status === "connected";
  const answers = probes.filter(({ status, rows }) => status === "ok" && (!byRows || rows.length > 0));
  const answered = new Set(answers.map(({ id }) => id));
  const asked = new Set(probes.map(({ id }) => id));
  return answeredBy[familyOf(target.engine)]
    .filter((ids) => !connected || !ids.some((id) => answered.has(id)))
    .map((ids) => ids.find((id) => asked.has(id)) ?? ids[0] ?? "");
}

/** Lock probes without an answer. */
export function unansweredLocks(view: View): readonly string[] {
  return silentProbes(view, locks);
}

/**
 * Whether everybody's sessions were seen and say who waits, in place of lock views that are shut for good: a grant or a
 * setting is missing. A view that is open and silent (too slow, failed) may answer otherwise the next time.
 */
export function sessionsTellWaits(view: View): boolean {
  const silent = unansweredLocks(view);
  const shut = (id: string): boolean => resultOf(view, id)?.status === "skipped";
  return silent.length > 0 && view.sessions !== null && view.connections !== null && silent.every(shut);
}

function resultOf({ evidence }: View, wanted: string): ProbeResult | undefined {
  return evidence.probes.find(({ id }) => id === wanted);
}

/** Common questions without an answer, or with a part of it missing; the next best view counts where it tells. */
export function unseenQuestions(view: View): readonly Question[] {
  return questionsOf(view).filter(
    (question) => silentProbes(view, question).length > 0 && !(question === locks && sessionsTellWaits(view)),
  );
}

/** Why those probes are silent, with their results. */
export function silentResults(view: View, question: Question): readonly ProbeResult[] {
  return silentProbes(view, question).flatMap((id) => resultOf(view, id) ?? []);
}
