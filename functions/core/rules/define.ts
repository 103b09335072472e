import type { CauseId } from "../contract/cause-ids.ts";
import type { Explanation } from "../contract/explanation.ts";
import type { Category, Nature, ProposedAction, Severity } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import type { SpecId } from "../spec-id.ts";

export interface FindingDraft {
  /** Tells two findings of one rule apart: a session, a table. Empty when there can be only one. */
  readonly subject: string;
  readonly severity: Severity;
  /** Where it is not its rule's: the same thing may have long been so, or hurt now. */
  readonly nature?: Nature;
  /** All of it comes of what explains it: beside a finding that is as bad itself it is a note. */
  readonly isEffect?: true;
  /** 0 to 1, with all the evidence at hand; partial evidence lowers it later. */
  readonly confidence: number;
  /** One sentence with its numbers, for a person just woken. */
  readonly summary: string;
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
  readonly explains: readonly Explanation[];
  readonly actions: readonly ProposedAction[];
}

/** Of a finding that there is already. */
export interface ToldSoFar {
  readonly id: string;
  readonly severity: Severity;
}

/** Evidence in, findings out. Pure: no clock, no randomness, no I/O. */
export interface Rule<Id extends CauseId> {
  readonly id: Id;
  readonly spec: readonly SpecId[];
  readonly category: Category;
  /** Where it is not its category's: indexes, views, integrity and configuration are chronic. */
  readonly nature?: Nature;
  readonly title: string;
  /** Probes, metrics or "connection"; used to say which findings partial evidence may have hidden. */
  readonly needs: readonly string[];
  evaluate(view: View): readonly FindingDraft[];
}

/** Hygiene of schema and settings, unless a rule or a finding says otherwise (SPEC D9). */
const chronic: ReadonlySet<Category> = new Set(["indexes", "views", "integrity", "configuration"]);

export function natureOf({ nature, category }: Pick<Rule<CauseId>, "nature" | "category">): Nature {
  return nature ?? (chronic.has(category) ? "chronic" : "acute");
}

export function defineRule<const Id extends CauseId>(rule: Rule<Id>): Rule<Id> {
  return rule;
}
