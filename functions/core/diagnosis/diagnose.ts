import type { CauseId } from "../contract/cause-ids.ts";
import type { Evidence } from "../contract/evidence.ts";
import type { Diagnosis, Finding, ProposedAction, Severity, Verdict } from "../contract/finding.ts";
import { sessionsTellWaits } from "../facts/questions.ts";
import { missingOf, sawInside, trustIn } from "../facts/seen.ts";
import { worstOf } from "../facts/severity.ts";
import { type View, viewOf } from "../facts/view.ts";
import { type FindingDraft, natureOf, type Rule, type ToldSoFar } from "../rules/define.ts";
import { rules as catalogue } from "../rules/index.ts";
import { type MysqlSaid, mysqlSaid } from "../rules/mysql-said.ts";
import { mysqlBeside, mysqlTold } from "../rules/mysql-told.ts";
import { postgresToldByLog } from "../rules/postgres-told-by-log.ts";
import type { Settings } from "../settings.ts";
import { visibleLine } from "../text/visible.ts";
import { decisionPath } from "./decision-path.ts";
import { type Emitted, keyOfFinding, rank } from "./explains-graph.ts";
import { headlineOf } from "./headline.ts";
import { joinChange } from "./join-change.ts";
import { joinJob } from "./join-job.ts";
import { withLateChanges } from "./late-changes.ts";
import { isGravelyAmiss, verdictOf } from "./verdict.ts";

/** Evidence in, ranked findings out. Pure: the same evidence gives the same answer in whatever order it came. */
export function diagnose(
  evidence: Evidence,
  settings: Pick<Settings, "thresholds" | "policy">,
  at: string = evidence.collectedAt,
  rules: readonly Rule<CauseId>[] = catalogue,
): Diagnosis {
  const view = viewOf(evidence, settings.thresholds, settings.policy);
  const told = rules.flatMap((rule) => rule.evaluate(view).map((draft) => emitted(rule, view, draft)));
  const said = mysqlSaid(view);
  const all = [...withOwnWords(said, told), ...byItself(view, said, told, rules)];
  const ranked = rank(all.map((each) => ({ ...each, draft: seenDraft(each.draft) })));
  const { rootCauses } = ranked;
  const findings = ranked.findings.map((finding) =>
    rootCauses.includes(finding.key)
      ? seenFinding(withLateChanges(view, joinJob(view, joinChange(view, finding))))
      : withoutLargerClass(finding),
  );
  const roots = findings.filter(({ key }) => rootCauses.includes(key));
  const verdict = verdictOf(view, findings);
  // Of a cause that is not known, nobody knows that it is minor.
  const unnamed: readonly Severity[] = verdict === "unknown" && isGravelyAmiss(view, findings) ? ["P2"] : [];
  const severity = worstOf([...unnamed, ...roots.map((root) => root.severity)]);
  return {
    schema: "diagnosis.v1",
    target: evidence.target,
    diagnosedAt: at,
    verdict,
    headline: visibleLine(headlineOf(view, { roots, findings, verdict })),
    severity,
    confidence: confidenceOf(view, roots, verdict),
    rootCauses,
    findings,
    path: decisionPath(view, { severity, verdict, findings: findings.length }).map(
      ({ question, answer }) => ({
        question,
        answer: visibleLine(answer),
      }),
    ),
    missing: missingOf(view),
  };
}

/** What another finding explains is mended there: a larger class would only feed the cause. */
function withoutLargerClass(finding: Finding): Finding {
  return { ...finding, actions: finding.actions.filter(({ id }) => id !== "scale-instance-class") };
}

function emitted(rule: Rule<CauseId>, view: View, draft: FindingDraft): Emitted {
  const trust = trustIn(view, rule.needs);
  return {
    id: rule.id,
    key: keyOfFinding(rule.id, draft.subject),
    category: rule.category,
    draft: {
      ...draft,
      nature: draft.nature ?? natureOf(rule),
      confidence: Math.round(draft.confidence * trust * 100) / 100,
    },
  };
}

/** What the server says of itself, under the rule of its cause; no probe of that rule is needed for it. */
function byItself(
  view: View,
  said: MysqlSaid,
  told: readonly Emitted[],
  rules: readonly Rule<CauseId>[],
): readonly Emitted[] {
  const known = told.map(toldSoFar);
  return [...postgresToldByLog(view, known), ...mysqlTold(said, known)].flatMap(({ id, ...draft }) => {
    const rule = rules.find((one) => one.id === id);
    return rule === undefined ? [] : [emitted({ ...rule, needs: [] }, view, { ...draft, nature: "acute" })];
  });
}

/** What was told already has what the server says as one more witness. */
function withOwnWords(said: MysqlSaid, told: readonly Emitted[]): readonly Emitted[] {
  return told.map((entry) => ({
    ...entry,
    draft: { ...entry.draft, evidence: [...entry.draft.evidence, ...mysqlBeside(said, toldSoFar(entry))] },
  }));
}

function toldSoFar({ id, draft }: Emitted): ToldSoFar {
  return { id, severity: draft.severity };
}

/** Names come from whoever signs in; what is one sentence stays one. The statements to run are left as they are. */
function seenDraft(draft: FindingDraft): FindingDraft {
  return {
    ...draft,
    summary: visibleLine(draft.summary),
    evidence: draft.evidence.map(({ source, says }) => ({ source, says: visibleLine(says) })),
    actions: draft.actions.map(seenAction),
  };
}

function seenAction(action: ProposedAction): ProposedAction {
  const { describes, consequence } = action;
  return { ...action, describes: visibleLine(describes), consequence: visibleLine(consequence) };
}

/** What a change or a job added comes from whoever made it. */
function seenFinding(finding: Finding): Finding {
  return {
    ...finding,
    summary: visibleLine(finding.summary),
    evidence: finding.evidence.map(({ source, says }) => ({ source, says: visibleLine(says) })),
    actions: finding.actions.map(seenAction),
  };
}

/** Of the first root cause; of "nothing found", how much of the database was seen. */
function confidenceOf(view: View, [first]: readonly Finding[], verdict: Verdict): number {
  if (first !== undefined && first.severity !== "P3") return first.confidence;
  if (!sawInside(view)) return 0.1;
  if (verdict !== "well") return 0.5;
  return sessionsTellWaits(view) ? 0.8 : 0.95;
}
