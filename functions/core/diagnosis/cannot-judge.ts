import type { ProbeResult } from "../contract/evidence.ts";
import { clientsGone } from "../facts/clients-away.ts";
import { crowdInside } from "../facts/inside-wait.ts";
import { crowdedMinutes } from "../facts/outside-load.ts";
import { earlyHint } from "../facts/plain-clients.ts";
import { type Question, silentResults, unseenQuestions } from "../facts/questions.ts";
import { nobodyByLocksAlone, secondBestOf } from "../facts/second-best.ts";
import { secondBestText } from "../facts/second-best-text.ts";
import { longestWait, unexplainedWaits } from "../facts/unexplained-waits.ts";
import { unjudgedErrors } from "../facts/unjudged-errors.ts";
import type { View } from "../facts/view.ts";
import { duration, lasted, list, lockObject, or, plural } from "../text/wording.ts";

/** Who cannot see what, the statement that mends it, and what the next best view shows meanwhile. */
export function cannotJudge(view: View): string {
  return `CANNOT JUDGE: ${[...reasons(view), ...meanwhile(view)].join(" ")}`;
}

function reasons(view: View): readonly string[] {
  const { connection } = view.evidence;
  if (connection.status !== "connected") {
    const detail = connection.detail === null ? "" : ` (${connection.detail})`;
    return [`the inside of the database could not be seen${detail}, and nothing else says what is wrong.`];
  }
  const unseen = unseenQuestions(view).map((question) => ({
    question,
    results: silentResults(view, question),
  }));
  const shut = unseen.filter(({ results }) => results.some(isShut));
  const silent = unseen.filter(({ results }) => !results.some(isShut));
  return [
    ...shutText(view, shut),
    ...silent.map(silentText),
    ...waitText(view),
    ...crowdedText(view),
    ...goneText(view),
    ...errorsText(view),
  ];
}

/** How many they were stands in the numbers from outside. */
function goneText(view: View): readonly string[] {
  if (clientsGone(view) === null) return [];
  const hint = earlyHint(view);
  return [`nearly all of its clients are away, and why was not found${hint === null ? "" : `; ${hint}`}.`];
}

function errorsText(view: View): readonly string[] {
  const errors = unjudgedErrors(view);
  if (errors === null) return [];
  return [
    `some ${Math.round(errors.perMinute)} statements a minute fail in ${errors.database} by its log, and what part of its work that is was not seen.`,
  ];
}

function waitText(view: View): readonly string[] {
  const waits = unexplainedWaits(view);
  const [wanted] = waits.flatMap(({ waitsFor }) => waitsFor ?? []);
  if (wanted === undefined) return [];
  return [
    `${plural(waits.length, "session waits", "sessions wait")} for ${lockObject(wanted)}, up to ${duration(longestWait(waits))}, and who holds it was not seen.`,
  ];
}

function crowdedText(view: View): readonly string[] {
  const minutes = crowdedMinutes(view);
  const inside = crowdInside(view);
  if (minutes === null && inside === null) return [];
  const waits = inside === null ? "" : ` (${inside})`;
  return [
    minutes === null
      ? `far more sessions than CPUs wait${waits}, and no cause of it was found.`
      : `for ${lasted(minutes)} far more than usual has been at work or waited${waits}, and no cause of it was found.`,
  ];
}

interface Unseen {
  readonly question: Question;
  readonly results: readonly ProbeResult[];
}

function isShut({ status, howToSee }: ProbeResult): boolean {
  return status === "skipped" && howToSee !== null;
}

function shutText(view: View, shut: readonly Unseen[]): readonly string[] {
  if (shut.length === 0) return [];
  const { account } = view.evidence.connection;
  const words = [...new Set(shut.map(({ question }) => question.word))];
  const mend = shut
    .flatMap(({ results }) => results.filter(isShut))
    .flatMap(({ howToSee }) => howToSee?.split("; ") ?? []);
  const who = account === undefined ? "the probing user" : `user ${account}`;
  const statements = [...new Set(mend)].map((one) => `${one.replaceAll("{user}", account ?? "{user}")};`);
  return [`${who} sees no ${or(words)}. As an administrator: ${statements.join(" ")}`];
}

function silentText({ question, results }: Unseen): string {
  const why = results.map(({ id, status, reason }) => {
    if (status === "ok") return `${id} knows of no source`;
    const how = status === "timeout" ? "timed out" : status;
    return `${id} ${how}: ${reason ?? "no reason given"}`;
  });
  return `${question.what} could not be seen (${why.length === 0 ? "no probe asked for it" : list(why)}).`;
}

function meanwhile(view: View): readonly string[] {
  const second = secondBestOf(view);
  if (nobodyByLocksAlone(view)) return ["By pg_locks alone nobody waits for a lock."];
  if (second === null || second.waiters === 0) return [];
  return [`Second best, by ${second.by}: ${secondBestText(second, view.evidence.target.engine)}.`];
}
