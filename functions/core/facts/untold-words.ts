import type { RdsEvent } from "../contract/context.ts";
import type { Finding } from "../contract/finding.ts";
import { compare } from "../text/compare.ts";
import { inCategory, minutesSince, recentEvents } from "./rds-facts.ts";
import { storageWordOf } from "./storage-words.ts";
import type { View } from "./view.ts";

/**
 * Words of RDS that are no routine though their category may say so, and what is to be looked at. First match wins; the
 * last rows are of what hurts nobody who is served.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
 */
const words: readonly (readonly [words: RegExp, next: string | null])[] = [
  [/failed state/i, "its status; what is left then is a restore to a point in time"],
  [/incompatible-parameters/i, "the last changes of its parameter group"],
  [/incompatible-network|not enough (ip )?addresses/i, "free addresses in the subnets"],
  [/burst balance credits/i, "BurstBalance; gp3 needs no credits"],
  [/maximum storage threshold|unable to scale|storage quota/i, "free space, and what keeps it from growing"],
  [/upgrade.*(failed|rolled back)/is, "the upgrade's own log"],
  [/proxy .*throttled/is, "who opens so many connections to the proxy"],
  [/(blue\/green|switchover).*(failed|cancel)/is, "which of the two writes, and where clients go"],
  [
    /enhanced monitoring|kerberos|active directory|can(no|')t be created|no actions are necessary|retry later|load job/i,
    null,
  ],
];

const recentMinutes = 30;

export interface Untold {
  /** "RDS said 6 min ago: DB instance put into failed state (next: its status …)". */
  readonly says: string;
  /** False: its metrics are a surer witness, and show nothing of it. */
  readonly grave: boolean;
}

/**
 * What RDS has said of late that opens an incident, and no finding tells: in whose words nobody may say that nothing
 * shows. Newest first, and each once.
 */
export function untoldWords(
  view: View,
  findings: readonly Partial<Pick<Finding, "summary" | "evidence">>[],
): readonly Untold[] {
  const texts = findings.flatMap(({ summary = "", evidence = [] }) => [
    summary,
    ...evidence.map(({ says }) => says),
  ]);
  const opened = ofSignal(view);
  return [...opened, ...recentEvents(view, recentMinutes)]
    .filter(({ message }, at, all) => all.findIndex((other) => other.message === message) === at)
    .flatMap((event) => {
      const row = words.find(([of]) => of.test(event.message));
      const after = row?.[1] ?? null;
      const isWord =
        opened.includes(event) || (row === undefined ? inCategory(event, "failure") : after !== null);
      const says = event.message.replace(/[\s.]+$/, "");
      if (!isWord || says === "" || texts.some((text) => text.includes(says))) return [];
      const next = after === null ? "" : ` (next: ${after})`;
      const grave = row !== undefined || storageWordOf(event) === null;
      return [{ says: `RDS said ${minutesSince(view, event.at)} min ago: ${says}${next}`, grave }];
    });
}

/**
 * Of a proxy, or too young for DescribeEvents: what opened the incident is known all the same. Of a restart or a failover
 * that is over, whoever got in has seen more.
 */
function ofSignal({ evidence: { signal, target, collectedAt, connection } }: View): readonly RdsEvent[] {
  if (signal?.kind !== "rds-event" || signal.state !== "ALARM") return [];
  const minutes = (Date.parse(collectedAt) - Date.parse(signal.at)) / 60_000;
  const isOver = connection.status === "connected" && passes.test(signal.description ?? "");
  if (minutes > recentMinutes || isOver) return [];
  const categories = (signal.description ?? "").split(", ");
  return [{ at: signal.at, subject: target.name, source: "instance", categories, message: signal.reason }];
}

const passes = /availability|failover|recovery/;

const beforeMinutes = 60;
const lateMinutes = 5;
const shown = 2;

/**
 * What was done to it in the hour before an alarm: "; RDS said 12 min before it: Applying modification …". Backups of
 * every night are none. Empty where nothing was.
 */
export function shortlyBefore(view: View): string {
  const { signal, context } = view.evidence;
  if (signal?.kind !== "alarm") return "";
  const minutesBefore = ({ at }: RdsEvent): number => (Date.parse(signal.at) - Date.parse(at)) / 60_000;
  const groups = (context?.events ?? []).filter(({ source }) => source === "parameter-group");
  const events = [...recentEvents(view, 24 * 60), ...groups].filter((event) => {
    const minutes = minutesBefore(event);
    return minutes >= -lateMinutes && minutes <= beforeMinutes && !inCategory(event, "backup");
  });
  return events
    .toSorted((a, b) => compare(b.at, a.at) || compare(a.message, b.message))
    .slice(0, shown)
    .map((event) => {
      const minutes = Math.round(minutesBefore(event));
      const when = minutes > 0 ? `${minutes} min before it` : "just then";
      return `; RDS said ${when}: ${event.message.replace(/[\s.]+$/, "")}`;
    })
    .join("");
}
