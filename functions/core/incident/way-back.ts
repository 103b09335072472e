import type { Incident, IncidentAction } from "../contract/incident.ts";
import { madeLarger, undoState } from "../contract/undo-state.ts";
import { firstWayBack, mostDays } from "../contract/way-back.ts";
import type { IncidentEvent } from "./events.ts";
import { told } from "./told.ts";

type Looked = Extract<IncidentEvent, { kind: "way-back" }>;

/** At its end: what was made larger is to be given back, when a day has passed. */
export function withWaysBack(incident: Incident, at: string): Incident {
  const actions = incident.actions.map((action) =>
    madeLarger(action) && action.wayBack === undefined && undoState(incident, action) === "offered"
      ? { ...action, wayBack: firstWayBack(at) }
      : action,
  );
  return { ...incident, actions };
}

/** A card where the day fits; where it does not, a line with the numbers. */
export function withDayLooked(incident: Incident, event: Looked): Incident {
  const { orderId, look, tried, isLast, at } = event;
  const action = incident.actions.find(({ outcome }) => outcome?.orderId === orderId);
  if (action?.wayBack === undefined || undoState(incident, action) !== "offered") return incident;
  const isCard = tried.kind === "go" && !isLast;
  const wayBack = {
    ...action.wayBack,
    ...{ looks: look, says: tried.says, over: isLast },
    card: isCard ? look : action.wayBack.card,
  };
  const actions = incident.actions.map((one) => (one === action ? { ...one, wayBack, updatedAt: at } : one));
  const kind = isCard ? "action" : "note";
  const says = lineOf(action, event);
  return told({ ...incident, actions }, { key: `way-back#${orderId}#${look}`, at, kind, says });
}

function lineOf({ outcome }: IncidentAction, { look, tried, isLast }: Looked): string {
  const what = `The way back (${outcome?.undo?.describes ?? "of what was made larger"})`;
  if (tried.kind === "back") return `${what} is done already: ${tried.says}`;
  const fits = tried.kind === "go";
  if (!isLast)
    return fits
      ? `${what} is proposed: ${tried.says}`
      : `${what} is not proposed yet: ${tried.says} Look ${look} of ${mostDays}; the next one is in a day.`;
  const stands = fits ? "would still fit, and nobody has taken it" : "does not fit";
  return `${what} ${stands}: ${tried.says} This is the last word on it: it stays as it is, and costs what it does, until a person runs the call that the message of its growth shows.`;
}
