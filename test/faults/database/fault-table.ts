import type { Break } from "../../lab/endpoint/breaking-way.ts";

/** What befalls the statement that acts, and whoever sent it. */
export const statementFaults = {
  /** Reset before the server has it. */
  unsent: { forwards: false, answer: "none", ends: "reset" },
  /** The server never has it, nothing is answered, and the deadline strikes. */
  hung: { forwards: false, answer: "none", ends: "silence" },
  lost: { forwards: true, answer: "none", ends: "reset" },
  "half-answered": { forwards: true, answer: "half", ends: "end" },
  /** Done, and answered after the deadline. */
  late: { forwards: true, answer: "none", ends: "silence" },
  /** Answered, and nothing that is asked afterwards is. */
  "cut off after it": { forwards: true, answer: "whole", ends: "end" },
  "dead before it": { forwards: false, answer: "none", ends: "silence" },
  "dead after it": { forwards: true, answer: "none", ends: "silence" },
} as const satisfies Readonly<Record<string, Break>>;
export type StatementFault = keyof typeof statementFaults;

/** What befalls whoever connects in order to act. */
export const doorFaults = ["refused", "mute", "hung-up", "half-greeted"] as const;

type Engine = "postgres" | "mysql" | "mariadb";
/** An action, or one step of an action that acts by more than one statement. */
export type Step = string;

const sessions = ["terminate-session", "cancel-query", "end-idle-sessions", "finish-prepared-transaction"];
const objects = ["analyze-table", "create-index", "drop-index", "try-index"];
/** Needs an extension that only one of the lab's servers has. */
export const ofCron: Step = "pause-cron-job";
const steps: Readonly<Record<Engine, readonly Step[]>> = {
  postgres: [
    ...[...sessions, "end-sessions", ...objects, "try-index: drop", "vacuum-table", "reindex-index"],
    ...["refresh-materialized-view", "set-timeout", ofCron],
  ],
  mysql: [...sessions, ...objects, "hide-index", "pause-job"],
  mariadb: [...sessions, ...objects, "hide-index", "pause-job"],
};

const every: readonly StatementFault[] = [
  ...(["unsent", "hung", "lost", "half-answered", "late"] as const),
  ...(["cut off after it", "dead before it", "dead after it"] as const),
];
/** Emptied twice within a minute they are left alone: on one server there is one fault of it. */
const once: readonly StatementFault[] = ["dead after it"];

/**
 * Each fault that befalls an action on a database in the suite of its engine. MySQL and MariaDB share their driver and
 * differ in how they act and what they show: each takes its part.
 */
export const statementRows: Readonly<Record<Engine, readonly (readonly [Step, StatementFault])[]>> = {
  postgres: [
    ...once.map((fault) => ["reset-statement-statistics", fault] as const),
    ...rowsOf(steps.postgres, every),
  ],
  mysql: rowsOf(steps.mysql, ["unsent", "lost", "late", "cut off after it", "dead after it"]),
  mariadb: rowsOf(steps.mariadb, ["lost", "half-answered", "late", "dead before it"]),
};

function rowsOf(
  of: readonly Step[],
  befall: readonly StatementFault[],
): readonly (readonly [Step, StatementFault])[] {
  return of.flatMap((step) => befall.map((fault) => [step, fault] as const));
}
