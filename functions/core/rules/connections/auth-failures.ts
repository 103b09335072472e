import type { Severity } from "../../contract/finding.ts";
import { brokenHandshake, certificateAdvice, certificateRefusals } from "../../facts/certificate-refusals.ts";
import { type ClientsAway, clientsAway, fewerClients } from "../../facts/clients-away.ts";
import { areKeptOut } from "../../facts/kept-out.ts";
import { latestMetric } from "../../facts/latest-metric.ts";
import { type LogHits, perMinute } from "../../facts/log-lines.ts";
import { refusedBeside } from "../../facts/reconnecting.ts";
import { refusalReasons } from "../../facts/refusal-reasons.ts";
import { areGuesses, isStubborn, refusedSignIn, refusedSignIns } from "../../facts/refused-sign-ins.ts";
import type { View } from "../../facts/view.ts";
import { duration, list, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { awaySights, type Sight } from "./away-sights-draft.ts";
import { areRefused, countedSights, reasonText } from "./counted-sights-draft.ts";

export const authFailures = defineRule({
  id: "auth-failures",
  spec: ["D4", "P1"],
  category: "connections",
  title: "Clients are refused because the server does not accept their sign-in",
  needs: ["connection", "mysql-innodb-rates", "LoginFailures", "DatabaseConnections", "error log"],
  evaluate: (view) => {
    const own = view.evidence.connection.failedStep === "sign-in";
    const away = clientsAway(view, null);
    const sights = [...sightsOf(view), ...(away === null ? [] : awaySights(view))].filter(
      ({ perMinute: rate, goesOn, stubborn = false }) =>
        rate >= alarmingPerMinute || stubborn || (away !== null && goesOn),
    );
    return own || sights.length > 0 ? [draftOf(view, own, sights, away)] : [];
  },
});

/** SPEC T: connection errors 5/min. A person who mistypes a password makes fewer. */
const alarmingPerMinute = 5;

/** While clients stay away so many are enough, whatever their rate: one that gives up tries again now and then. */
const several = 5;
const nowSeconds = 3 * 60;

const goesOn = ({ count, newestAgeSeconds }: LogHits): boolean =>
  count >= several && newestAgeSeconds <= nowSeconds;

function draftOf(view: View, own: boolean, sights: readonly Sight[], away: ClientsAway | null): FindingDraft {
  const [first] = sights.toSorted(
    (a, b) => b.confidence - a.confidence || b.perMinute - a.perMinute || (a.source < b.source ? -1 : 1),
  );
  const { detail, pointsTo } = view.evidence.connection;
  return {
    subject: "",
    severity: severityOf(own, sights, away),
    confidence: own ? (first === undefined ? 0.7 : 0.95) : confidenceOf(sights, first),
    summary: `${own ? ownSummary(view, first ?? null) : othersSummary(first)}${reasonText(view)}${missingText(view, sights, away)}`,
    evidence: [
      ...(own ? [{ source: "connection", says: `sign-in refused: ${detail ?? "no detail"}` }] : []),
      ...sights.map(({ source, says }) => ({ source, says })),
      ...certificateAdvice(view).map((says) => ({ source: "RDS", says })),
      ...refusalReasons(view.evidence).map(({ count, says }) => ({
        source: "error log",
        says: `${count} of them: ${says}`,
      })),
      ...attemptsText(view),
    ],
    explains: own
      ? [
          {
            cause: "database-unreachable",
            because: `the server answers and refuses the sign-in${pointsTo === null ? "" : `: ${pointsTo}`}`,
          },
        ]
      : [],
    actions: [],
  };
}

function severityOf(own: boolean, sights: readonly Sight[], away: ClientsAway | null): Severity {
  const areThose = areFrequent(sights) || sights.some(({ keptOut }) => keptOut);
  if (own || (away?.nearlyAll === true && areThose)) return "P1";
  return sights.every(({ guesses = false }) => guesses) ? "P3" : "P2";
}

/** Who is missing meanwhile: with few refusals it is all that makes them an incident. */
function missingText(view: View, sights: readonly Sight[], away: ClientsAway | null): string {
  const says = away?.says ?? (sights.some(({ stubborn }) => stubborn) ? fewerClients(view) : null);
  return says === null ? "" : `; ${says}`;
}

function areFrequent(sights: readonly Sight[]): boolean {
  return sights.some(({ perMinute: rate }) => rate >= alarmingPerMinute);
}

/** One forgotten job tries again and again, also on a day on which everybody else is away. */
function confidenceOf(sights: readonly Sight[], first: Sight | undefined): number {
  return (first?.confidence ?? 0) * (areFrequent(sights) ? 1 : 0.7);
}

function othersSummary(first: Sight | undefined): string {
  return first === undefined ? areRefused : `${first.what}: ${first.says}`;
}

function ownSummary({ evidence }: View, other: Sight | null): string {
  const { pointsTo } = evidence.connection;
  const why = pointsTo === null ? "" : `: ${pointsTo}`;
  const others =
    other === null
      ? "whether applications are refused as well could not be seen"
      : `and others are refused as well, ${other.says}`;
  return `The server answers and refuses the responder's sign-in${why}; ${others}`;
}

function sightsOf(view: View): readonly Sight[] {
  return [...fromLogs(view), ...fromHandshakes(view), ...fromMetric(view), ...countedSights(view)];
}

const areGuessed =
  "Strangers from the internet guess at names, none of its own clients is missing: its security group lets anybody knock";

function fromLogs(view: View): readonly Sight[] {
  const hits = refusedSignIns(view);
  if (hits === null) return [];
  const guesses = areGuesses(view, hits);
  const users = hits.caught
    .slice(0, 3)
    .map(({ text, count }) => `${text === "?" ? "names that are not shown" : text} ${count}`);
  return [
    {
      source: "error log",
      perMinute: perMinute(hits),
      goesOn: goesOn(hits),
      stubborn: goesOn(hits) && isStubborn(hits) && fewerClients(view) !== null,
      guesses,
      keptOut: areKeptOut(view, [refusedSignIn]),
      what: guesses ? areGuessed : areRefused,
      says: `${plural(hits.count, "refused sign-in")} in the log within ${duration(Math.max(60, hits.spanSeconds))} (${list(users)}), the last ${duration(hits.newestAgeSeconds)} ago`,
      confidence: 0.9,
    },
  ];
}

function fromHandshakes(view: View): readonly Sight[] {
  const refusals = certificateRefusals(view);
  if (refusals === null) return [];
  const { hits, says } = refusals;
  const what = "Clients turn the server's certificate away";
  return [
    {
      source: "error log",
      perMinute: perMinute(hits),
      goesOn: goesOn(hits),
      keptOut: areKeptOut(view, [brokenHandshake]),
      what,
      says,
      confidence: 0.9,
    },
  ];
}

/** Aurora MySQL alone publishes it, per second. */
function fromMetric(view: View): readonly Sight[] {
  const latest = latestMetric(view.evidence, ["LoginFailures"]);
  if (latest === null || latest.value <= 0 || refusedBeside(view) !== null) return [];
  const rate = latest.value * 60;
  const says = `CloudWatch counts ${Math.round(rate)} refused sign-ins per minute`;
  const counted = { perMinute: rate, goesOn: false, what: areRefused, says };
  return [{ source: "LoginFailures", ...counted, confidence: 0.85 }];
}

/** How many try at all; they are not split into good and bad. */
function attemptsText({ evidence }: View): FindingDraft["evidence"] {
  return ["ConnectionAttempts", "IamDbAuthConnectionRequests"].flatMap((id) => {
    const latest = latestMetric(evidence, [id]);
    return latest === null ? [] : [{ source: id, says: `${Math.round(latest.value)} at ${latest.at}` }];
  });
}
