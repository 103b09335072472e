import type { ProposedAction } from "../contract/finding.ts";
import { quoteName } from "../plans/suggest-index.ts";
import type { FindingDraft } from "../rules/define.ts";
import { compare } from "./lock-graph.ts";

/** One thing to tidy up: an index, a table, a constraint. */
export interface Untidy {
  /** As people call it, and unique: `orders_note_idx`, `sales.orders`. */
  readonly name: string;
  /** With its numbers: "orders_note_idx of orders (24 MiB, never scanned)". */
  readonly says: string;
  readonly source: string;
  /** The heavier, the worse. */
  readonly weight: number;
  readonly action: ProposedAction | null;
}

export interface Story {
  readonly confidence: number;
  /** The whole sentence: how many, and the worst few by name. */
  summary(count: number, worst: string): string;
  readonly notes?: readonly { readonly source: string; readonly says: string }[];
}

const namedInSummary = 3;
const toldApart = 5;

/**
 * One finding for all things of one kind, however many: a schema with 400 unused indexes is one piece of work, not 400
 * alarms. Always P3: nobody suffers from untidiness tonight.
 */
export function tidyDraft(things: readonly Untidy[], story: Story): readonly FindingDraft[] {
  if (things.length === 0) return [];
  const worst = things.toSorted(
    (a, b) => b.weight - a.weight || compare(a.name, b.name) || compare(a.says, b.says),
  );
  const told = worst.slice(0, toldApart);
  const rest = worst.length - told.length;
  const more = rest === 0 ? [] : [{ source: worst[0]?.source ?? "", says: `and ${rest} more like these` }];
  return [
    {
      subject: "",
      severity: "P3",
      confidence: story.confidence,
      summary: story.summary(worst.length, worstFew(worst.map(({ name }) => name))),
      evidence: [...told.map(({ source, says }) => ({ source, says })), ...more, ...(story.notes ?? [])],
      explains: [],
      actions: told.map(({ action }) => action).filter((action) => action !== null),
    },
  ];
}

/** "a, b, c and 397 more". */
function worstFew(names: readonly string[]): string {
  const named = names.slice(0, namedInSummary);
  const rest = names.length - named.length;
  return rest === 0 ? named.join(", ") : `${named.join(", ")} and ${rest} more`;
}

/** As people call it: the default schema goes without saying. */
export function shownName(schema: string, name: string): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

/** As a statement of PostgreSQL has to name it. */
export function postgresName(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

/** As a statement of MySQL or MariaDB has to name it. */
export function mysqlName(...parts: readonly string[]): string {
  return parts.map((part) => `\`${part.replaceAll("`", "``")}\``).join(".");
}

/** "1,200 rows", "1.2 million rows". */
export function countText(count: number, noun: string): string {
  const text =
    count >= 1e9
      ? `${Math.round(count / 1e8) / 10} billion`
      : count >= 1e6
        ? `${Math.round(count / 1e5) / 10} million`
        : grouped(Math.round(count));
  return `${text} ${noun}${Math.round(count) === 1 ? "" : "s"}`;
}

function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
