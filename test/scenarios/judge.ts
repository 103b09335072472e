import * as z from "zod";
import { sessionTargetSchema } from "../../functions/core/actions/signals/session-target.ts";
import type { Diagnosis, Finding, ProposedAction } from "../../functions/core/contract/finding.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { notJudgedYet } from "../../functions/core/diagnosis/not-judged-yet.ts";
import { settingsSchema } from "../../functions/core/settings.ts";
import type { Expected, Recording } from "./scenario.ts";

export interface Verdict {
  readonly name: string;
  readonly found: string | null;
  readonly expected: string | null;
  /** The first root cause is the expected one (top-1). */
  readonly rootRight: boolean;
  /** Expected findings that are missing. */
  readonly missed: readonly string[];
  /** Findings of P0–P2 that nobody expected, and those of any severity that must not be there. */
  readonly falseFindings: readonly string[];
  /** Automatic proposals on a session that is not to blame. Must be none, ever. */
  readonly wrongTargets: readonly string[];
  readonly wrongAction: string | null;
  /** Proposals that must not be made here, by the word that gives them away. Must be none, too. */
  readonly forbidden: readonly string[];
  readonly severity: Finding["severity"] | null;
  readonly wrongSeverity: string | null;
  /** What the root should have said. */
  readonly unsaid: readonly string[];
  /** What an incident and the command line say: a first look that finds nothing is no verdict there. */
  readonly verdict: Diagnosis["verdict"];
  readonly wrongVerdict: string | null;
  readonly headline: string;
  readonly tookMs: number;
}

/** The recorded evidence diagnosed again, beside what should come out. */
export function judge(name: string, recording: Recording, expected: Expected): Verdict {
  const settings = settingsSchema.parse({ thresholds: recording.thresholds });
  const started = performance.now();
  const diagnosis = diagnose(recording.evidence, settings);
  const tookMs = performance.now() - started;
  const heard = notJudgedYet(diagnosis, recording.evidence);
  const serious = diagnosis.findings.filter((finding) => finding.severity !== "P3");
  const roots = rootsOf(diagnosis).filter((finding) => finding.severity !== "P3");
  const found = roots[0]?.id ?? null;
  const severity = roots[0]?.severity ?? null;
  const wanted = new Set<string>([
    ...expected.orRoots,
    ...expected.alsoRoots,
    ...expected.includes,
    ...expected.allows,
  ]);
  if (expected.root !== null) wanted.add(expected.root);
  const ids = new Set<string>(diagnosis.findings.map((finding) => finding.id));
  const rootIds = new Set(roots.map((finding) => finding.id));
  return {
    name,
    found,
    expected: expected.root,
    rootRight: found === expected.root || expected.orRoots.some((id) => id === found),
    missed: [
      ...expected.includes.filter((id) => !ids.has(id)),
      ...expected.alsoRoots.filter((id) => !rootIds.has(id)),
    ],
    falseFindings: [
      ...new Set(serious.map((finding) => finding.id).filter((id) => !wanted.has(id))),
      ...expected.excludes.filter((id) => ids.has(id)),
    ],
    wrongTargets: wrongTargets(diagnosis, recording.culprits),
    wrongAction: wrongAction(roots[0], expected),
    forbidden: forbidden(diagnosis, expected),
    severity,
    wrongSeverity: wrongSeverity(severity, expected),
    unsaid: unsaid(roots[0], expected),
    verdict: heard.verdict,
    wrongVerdict: wrongVerdict(diagnosis.verdict, expected),
    headline: heard.headline,
    tookMs: Math.round(tookMs * 10) / 10,
  };
}

export function isRight(verdict: Verdict): boolean {
  const { missed, falseFindings, wrongTargets, forbidden, unsaid } = verdict;
  const faults = [...missed, ...falseFindings, ...wrongTargets, ...forbidden, ...unsaid];
  const wrong = [verdict.wrongAction, verdict.wrongSeverity, verdict.wrongVerdict];
  return verdict.rootRight && wrong.every((word) => word === null) && faults.length === 0;
}

function rootsOf(diagnosis: Diagnosis): readonly Finding[] {
  return diagnosis.rootCauses.flatMap(
    (key) => diagnosis.findings.find((finding) => finding.key === key) ?? [],
  );
}

const killSchema = z.object({ sessionId: sessionTargetSchema.shape.sessionId });

function wrongTargets(diagnosis: Diagnosis, culprits: readonly number[]): string[] {
  const automatic = diagnosis.findings
    .flatMap((finding) => finding.actions)
    .filter((action) => action.automatic);
  return automatic.flatMap((action: ProposedAction) => {
    const target = killSchema.safeParse(action.input);
    if (!target.success || culprits.includes(target.data.sessionId)) return [];
    return [`${action.id} on ${target.data.sessionId}`];
  });
}

/** A word stands for itself, whatever the case. */
function forbidden({ findings }: Diagnosis, { never }: Expected): string[] {
  return findings.flatMap(({ id, actions }) =>
    actions.flatMap(({ preview }) =>
      never
        .filter((word) => preview.toLowerCase().includes(word.toLowerCase()))
        .map((word) => `${id} proposes ${word}`),
    ),
  );
}

function unsaid(root: Finding | undefined, { says }: Expected): string[] {
  const said = [root?.summary ?? "", ...(root?.evidence ?? []).map((each) => each.says)]
    .join("\n")
    .toLowerCase();
  return says.filter((word) => !said.includes(word.toLowerCase()));
}

function wrongSeverity(severity: Verdict["severity"], { root, severities }: Expected): string | null {
  if (root === null || severity === null || severities.length === 0) return null;
  return severities.includes(severity) ? null : `${severity}, not ${severities.join(" or ")}`;
}

/** Well and not known are told apart by what was seen (D7), also of a first look; what has a root is neither. */
function wrongVerdict(verdict: Verdict["verdict"], { root, blind }: Expected): string | null {
  const right = root !== null ? "unwell" : blind ? "unknown" : "well";
  return verdict === right ? null : `told as ${verdict}, not ${right}`;
}

function wrongAction(root: Finding | undefined, { firstAction }: Expected): string | null {
  if (firstAction === undefined) return null;
  const first = root?.actions[0]?.id ?? null;
  return first === firstAction ? null : `proposes ${first ?? "nothing"}, not ${firstAction ?? "nothing"}`;
}
