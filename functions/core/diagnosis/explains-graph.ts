import type { CauseId } from "../contract/cause-ids.ts";
import type { Finding, Nature, Severity } from "../contract/finding.ts";
import type { FindingDraft } from "../rules/define.ts";
import { compare } from "../text/compare.ts";

/** A draft with its rule's name on it. */
export interface Emitted {
  readonly id: string;
  readonly key: string;
  readonly category: Finding["category"];
  readonly draft: FindingDraft;
}

export function keyOfFinding(id: string, subject: string): string {
  return subject === "" ? id : `${id}:${subject}`;
}

/**
 * Drafts put in order: root causes first, each followed by its symptoms. A root is a finding that no other one
 * explains; what hurts comes before what does not, what happens now before what has long been so (SPEC D9), then the one
 * that explains most, then severity, confidence and key.
 */
export function rank(emitted: readonly Emitted[]): { findings: readonly Finding[]; rootCauses: string[] } {
  const known = new Map(emitted.toSorted(byWeight).map((entry) => [entry.key, entry]));
  const explains = edgesOf([...known.values()]);
  const explainedBy = new Map<string, string[]>();
  for (const [cause, effects] of explains) {
    for (const effect of effects) explainedBy.set(effect, [...(explainedBy.get(effect) ?? []), cause]);
  }
  const reach = new Map([...known.keys()].map((key) => [key, reachable(explains, key)]));
  const order = [...known.values()].toSorted(
    (a, b) => (reach.get(b.key)?.size ?? 0) - (reach.get(a.key)?.size ?? 0) || byWeight(a, b),
  );
  /** A cause is as bad as the worst of what it does. */
  const severity = ({ key, draft }: Emitted): Severity =>
    [...(reach.get(key) ?? [])].reduce<Severity>((worst, effect) => {
      const its = known.get(effect)?.draft.severity ?? worst;
      return its < worst ? its : worst;
    }, draft.severity);
  /** So is it acute when something that happens now comes from it. */
  const nature = ({ key, draft }: Emitted): Nature =>
    [key, ...(reach.get(key) ?? [])].some((one) => known.get(one)?.draft.nature !== "chronic")
      ? "acute"
      : (draft.nature ?? "acute");
  const isMild = (entry: Emitted): number => Number(severity(entry) === "P3");
  const isChronic = (entry: Emitted): number => Number(nature(entry) === "chronic");
  // However much hygiene explains, it never stands before what hurts.
  const roots = order
    .filter(({ key }) => !explainedBy.has(key))
    .toSorted((a, b) => isMild(a) - isMild(b) || isChronic(a) - isChronic(b));
  const inOrder = new Set<Emitted>();
  for (const root of roots) {
    inOrder.add(root);
    for (const entry of order) if (reach.get(root.key)?.has(entry.key)) inOrder.add(entry);
  }
  /** Who knows the cause learns nothing from it; what it alone says of how bad that is counts before. */
  const isNote = ({ key, draft }: Emitted): boolean =>
    draft.isEffect === true &&
    (explainedBy.get(key) ?? []).some((one) => (known.get(one)?.draft.severity ?? "P3") <= draft.severity);
  const findings = [...inOrder].map((entry) =>
    findingOf(entry, isNote(entry) ? "P3" : severity(entry), nature(entry), {
      explains: explains.get(entry.key) ?? [],
      explainedBy: explainedBy.get(entry.key) ?? [],
    }),
  );
  return { findings, rootCauses: roots.map(({ key }) => key) };
}

function byWeight(a: Emitted, b: Emitted): number {
  return (
    compare(a.draft.severity, b.draft.severity) ||
    b.draft.confidence - a.draft.confidence ||
    compare(a.key, b.key)
  );
}

/**
 * Claims turned into edges between findings that exist. A claim that would close a circle is dropped; the
 * weightier findings' claims are heard first, so the same findings always give the same graph.
 */
function edgesOf(findings: readonly Emitted[]): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, string[]>();
  for (const cause of findings) {
    const effects = findings.filter((other) => claims(cause, other)).map(({ key }) => key);
    for (const effect of effects) {
      if (effect === cause.key || reachable(edges, effect).has(cause.key)) continue;
      edges.set(cause.key, [...(edges.get(cause.key) ?? []), effect]);
    }
  }
  return edges;
}

function claims({ draft }: Emitted, effect: Emitted): boolean {
  const { subject: of } = effect.draft;
  return draft.explains.some(
    ({ cause, subject }) =>
      (cause === effect.id || (of === "" && cause === onTheWayTo[effect.id])) &&
      (subject === undefined || subject === of),
  );
}

/** What brings the server's slots near their limit has taken the last one, too. */
const onTheWayTo: Readonly<Record<string, CauseId>> = { "too-many-connections": "connections-near-limit" };

function reachable(edges: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(edges.get(from) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(edges.get(next) ?? []));
  }
  return found;
}

function findingOf(
  { id, key, category, draft }: Emitted,
  severity: Severity,
  nature: Nature,
  { explains, explainedBy }: Readonly<Record<"explains" | "explainedBy", readonly string[]>>,
): Finding {
  return {
    id,
    key,
    category,
    severity,
    nature,
    confidence: draft.confidence,
    summary: draft.summary,
    evidence: [...draft.evidence],
    explains: explains.toSorted(compare),
    explainedBy: explainedBy.toSorted(compare),
    actions: [...draft.actions],
  };
}
