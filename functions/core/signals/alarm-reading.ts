import * as z from "zod";
import type { DatabaseRef, Signal, SignalMetric } from "../contract/signal.ts";
import type { StateReason } from "./state-reason.ts";

/** What every envelope says of one transition of one alarm, before it becomes a signal. */
export interface AlarmReading {
  readonly via: Signal["via"];
  readonly name: string;
  readonly arn: string | null;
  /** Used when the ARN does not say them. */
  readonly accountId: string | null;
  readonly region: string | null;
  readonly description: string | null;
  readonly state: Signal["state"];
  readonly reason: string;
  /** Epoch milliseconds of the transition. */
  readonly at: number;
  readonly contributorId: string | null;
  readonly metrics: readonly SignalMetric[];
  readonly refs: readonly DatabaseRef[];
  /** It compares one metric with a number. */
  readonly oneMetric: boolean;
  readonly stateReason: StateReason;
  readonly mutedBecause: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** Why an envelope of a known kind could not be read. */
interface Unreadable {
  readonly field: string | null;
  readonly reason: string;
}

export type Reading =
  | { readonly kind: "alarm"; readonly alarm: AlarmReading }
  /** What is no alarm and already a signal, such as an event of RDS. */
  | { readonly kind: "signal"; readonly signal: Signal }
  | { readonly kind: "unreadable"; readonly why: Unreadable };

/** What is known of an alarm from around its JSON text, such as the ARN of the topic that carried it. */
export interface Surroundings {
  readonly topicArn: string | null;
}

/** One way in which an alarm or an event of RDS is delivered. */
export interface Envelope {
  readonly name: string;
  /** Claims an object; a claimed one that cannot be read is "wrong-shape", one nobody claims is unknown. */
  matches(event: Readonly<Record<string, unknown>>): boolean;
  read(event: Readonly<Record<string, unknown>>, around: Surroundings): Reading;
}

export const contributorSchema = z.object({
  // Together with name and state this is the sort key of a table: it must stay short.
  id: z.string().min(1).max(128),
  attributes: z.record(z.string(), z.string()).nullish(),
});

/** The first fault in words. zod's own path is kept for the field. */
export function unreadable(envelope: string, error: z.ZodError): Reading {
  const [issue, ...others] = error.issues;
  const field = issue === undefined || issue.path.length === 0 ? null : issue.path.map(String).join(".");
  const more = others.length === 0 ? "" : ` (and ${others.length} more faults)`;
  const reason = `${envelope}: ${field ?? "the event"}: ${issue?.message ?? "not understood"}${more}`;
  return { kind: "unreadable", why: { field, reason } };
}
