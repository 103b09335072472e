import { outsideCapacity, shareText } from "../../facts/connection-limit.ts";
import { filledClimb } from "../../facts/filled-climb.ts";
import { memoryByConnections } from "../../facts/memory-by-connections.ts";
import { connectionClimb, hoursOfClimb, slotsFullIn, soonSeconds } from "../../facts/outside-climb.ts";
import { type Climb, dbLoad, hasLittleLoad, loadText, worksAsEver } from "../../facts/outside-load.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** What has climbed for hours, or rings an alarm, is told while there is time to mend it by day. */
const workdaySeconds = 8 * 3600;

/**
 * Without a look inside: the count climbs bit by bit, over what is usual at this time, and the load stays little. What
 * is opened is not used. A wave of work would show as load, a storm as a leap. Where nobody publishes the load, hours of
 * it beside the CPU and the network of every day say the same.
 */
export function leakFromOutside(view: View): readonly FindingDraft[] {
  const filled = hasLittleLoad(view) ? filledClimb(view) : null;
  if (filled !== null) return [filledDraft(view, filled)];
  const climb = unusedClimb(view);
  const outside = outsideCapacity(view);
  if (climb === null || outside === null) return [];
  const { used, limit } = outside;
  const left = slotsFullIn(view);
  const share = limit === null ? 0 : (100 * used) / limit;
  const { connectionsWarnPercent, connectionsCriticalPercent } = view.thresholds;
  const soon = climb.minutes >= 60 || outside.alarming ? workdaySeconds : soonSeconds;
  if (share < connectionsWarnPercent && (left ?? Number.POSITIVE_INFINITY) > soon) return [];
  const of = limit === null ? "" : ` (${shareText(outside)})`;
  return [
    {
      subject: "",
      severity: share >= connectionsCriticalPercent ? "P1" : "P2",
      confidence: 0.5,
      summary: `Connections climb steadily, from ${Math.round(climb.from)} to ${Math.round(climb.to)} in ${climb.minutes >= 60 ? "some " : ""}${duration(climb.minutes * 60)}${of}, while ${climb.beside}: they are opened and not used; whose they are could not be seen${left === null ? "" : `; at this pace no slot is left in ${duration(left)}`}`,
      evidence: [
        { source: "DatabaseConnections", says: `${Math.round(climb.perSecond * 3600)} more an hour` },
      ],
      explains: [
        { cause: "connections-near-limit", because: "they are held and not used" },
        ...takesMemory(view),
      ],
      actions: [],
    },
  ];
}

function filledDraft(view: View, { from, to, minutes, perSecond }: Climb): FindingDraft {
  const load = loadText(view);
  const beside = load === null ? "CPU and network were as ever" : `${load} stays little`;
  const because = "they are held and not used";
  return {
    subject: "",
    severity: "P1",
    confidence: 0.5,
    summary: `Connections climbed steadily, from ${Math.round(from)} to ${Math.round(to)} in some ${duration(minutes * 60)}, until no slot was left, while ${beside}: they are opened and not used; whose they are could not be seen`,
    evidence: [
      { source: "DatabaseConnections", says: `${Math.round(perSecond * 3600)} more an hour until then` },
    ],
    explains: [
      { cause: "too-many-connections", subject: "", because },
      { cause: "connections-near-limit", because },
      ...takesMemory(view),
    ],
    actions: [],
  };
}

function takesMemory(view: View): FindingDraft["explains"] {
  return memoryByConnections(view) === null
    ? []
    : [{ cause: "memory-pressure", because: "each of them takes of the memory" }];
}

/** A climb, and what shows that it is no work. */
function unusedClimb(view: View): (Climb & { readonly beside: string }) | null {
  if (!hasLittleLoad(view)) return null;
  const published = dbLoad(view) !== null;
  if (!published && !worksAsEver(view)) return null;
  const climb = published ? connectionClimb(view) : hoursOfClimb(view);
  const beside = published ? `${loadText(view)} stays little` : "CPU and network are as ever";
  return climb === null ? null : { ...climb, beside };
}
