import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { actionKeyOf } from "../../functions/core/actions/action-key.ts";
import type { Evidence } from "../../functions/core/contract/evidence.ts";
import type { Diagnosis, Finding, ProposedAction } from "../../functions/core/contract/finding.ts";
import { mayHaveActed, type Outcome } from "../../functions/core/contract/work-order.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { unsureRefusal } from "../../functions/core/policy/sure.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../functions/core/probes/run-probes.ts";
import { visible, visibleJson } from "../../functions/core/text/visible.ts";
import { done, textOf } from "../cli/carry-out.ts";
import {
  type Command,
  choice,
  type ExitCode,
  exitCodes,
  type Io,
  textOption,
  textOptions,
} from "../cli/command.ts";
import type { NamedDatabase } from "../cli/database-url.ts";
import { databasesAt } from "../cli/databases.ts";
import { placeAt } from "../cli/place.ts";
import { asJson, evidenceOf, exitCodeOf } from "../cli/present.ts";
import { placeNamed } from "../cli/same-place.ts";
import { settingsWith } from "../cli/thresholds.ts";
import { databaseOf } from "./act.ts";

export const fix: Command = {
  summary:
    "Diagnoses, takes the first remedy of the first root cause, asks, does it, and looks again until it is well",
  usage: [
    "responder fix --url URL [--finding ID] [--yes] [--format text|json] [--set name=value ...] [--ca FILE]",
    "",
    "  --finding remedies of this finding only, as diagnose names it",
    "  --yes     does not ask; what is never done without a person is then left undone",
    "  --set     a threshold, for example --set idleInTransactionSeconds=10",
    "",
    "After each action it pauses, since waiters that were freed look like new culprits for a while.",
    "",
    "exit code: 0 healthy, 1 not healed, 2 usage, 3 could not connect, 4 refused by a guard, 5 cannot judge",
  ].join("\n"),
  options: {
    url: { type: "string" },
    finding: { type: "string" },
    yes: { type: "boolean" },
    format: { type: "string" },
    set: { type: "string", multiple: true },
    ca: { type: "string" },
  },
  run: async (options, io) => {
    const format = choice(options, "format", ["text", "json"], "text");
    const database = databaseOf(options);
    const settings = settingsWith(textOptions(options, "set"));
    const how = { dryRun: false, yes: options["yes"] === true, format };
    const say = (text: string): void => (format === "json" ? io.err : io.out)(visible(text));
    return heal({ database, settings, how, say, only: textOption(options, "finding") ?? null }, io);
  },
};

interface Healing {
  readonly database: NamedDatabase;
  readonly settings: ReturnType<typeof settingsWith>;
  readonly how: Parameters<typeof done>[2];
  readonly say: (text: string) => void;
  readonly only: string | null;
}

interface Look {
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly tookMs: number;
}

interface Step {
  readonly finding: string;
  readonly action: string;
  readonly preview: string;
  readonly outcome: Outcome;
}

async function heal(healing: Healing, io: Io): Promise<ExitCode> {
  const { settings, how, say } = healing;
  const before = await lookAt(healing);
  say(before.diagnosis.headline);
  const steps: Step[] = [];
  const tried = new Set<string>();
  let now = before;
  while (steps.length < settings.policy.maxSessionsPerIncident) {
    const next = nextOf(now.diagnosis, tried, healing);
    if (next === null) break;
    tried.add(actionKeyOf(next.action));
    const outcome = await carriedOut(next, healing);
    if (outcome === null) continue;
    steps.push({ finding: next.finding.key, action: next.action.id, preview: next.action.preview, outcome });
    say(textOf(outcome, how));
    if (mayHaveActed(outcome))
      await createSystemClock().sleep(settings.policy.pauseAfterActionSeconds * 1000);
    now = await lookAt(healing);
    say(now.diagnosis.headline);
  }
  return told(healing, { before, steps, after: now }, io);
}

/** The first remedy, of the most important root cause, that the responder can do and that was not tried. */
function nextOf(
  { rootCauses, findings }: Diagnosis,
  tried: ReadonlySet<string>,
  { only }: Healing,
): { readonly finding: Finding; readonly action: ProposedAction } | null {
  const roots = rootCauses.flatMap((key) => findings.find((finding) => finding.key === key) ?? []);
  const meant = roots.filter(({ id, key, severity }) =>
    only === null ? severity !== "P3" : id === only || key === only,
  );
  for (const finding of meant) {
    const action = finding.actions.find((one) => one.automatic && !tried.has(actionKeyOf(one)));
    if (action !== undefined) return { finding, action };
  }
  return null;
}

/** Null: not done, and said why. */
async function carriedOut(
  { action }: { readonly action: ProposedAction },
  { database, how, say }: Healing,
): Promise<Outcome | null> {
  const { id, risk, input, preview, describes, consequence } = action;
  const unsure = unsureRefusal(action);
  if (unsure !== null) {
    say(`${unsure.reason} ${unsure.release}`);
    if (how.yes) return null;
  }
  const wanted = {
    id,
    key: actionKeyOf(action),
    risk,
    input,
    preview,
    describes: `${describes}. ${consequence}`,
  };
  return done(wanted, placeAt(database), how, say);
}

async function lookAt({ database, settings }: Healing): Promise<Look> {
  const clock = createSystemClock();
  const started = clock.now();
  const report = await collectProbeReport(
    databasesAt(database),
    database.target,
    settings,
    probes,
    ["immediate", "performance", "health"],
    clock,
  );
  const evidence = evidenceOf(report, settings);
  return { evidence, diagnosis: diagnose(evidence, settings), tookMs: clock.now() - started };
}

function told(
  { database, how, say }: Healing,
  { before, steps, after }: { readonly before: Look; readonly steps: readonly Step[]; readonly after: Look },
  io: Io,
): ExitCode {
  const healed = after.diagnosis.verdict === "well";
  if (how.format === "json") {
    const json = (look: Look) => asJson(look.evidence, look.diagnosis, look.tookMs);
    const target = placeNamed(database.target);
    const shown = { target, before: json(before), steps, after: json(after), healed };
    io.out(visibleJson(JSON.stringify(shown, null, 1)));
  } else if (!healed) {
    say("Nothing is left that the responder may do: `responder diagnose` shows what a person can.");
  }
  const code = exitCodeOf(after.evidence, after.diagnosis);
  const refused = code === exitCodes.findings && steps.at(-1)?.outcome.status === "refused";
  return refused ? exitCodes.refused : code;
}
