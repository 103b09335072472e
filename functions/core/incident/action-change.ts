import type { Incident, IncidentAction, NextStep } from "../contract/incident.ts";
import type { Settings } from "../settings.ts";

export function changed(incident: Incident, key: string, change: Partial<IncidentAction>): Incident {
  const actions = incident.actions.map((action) => (action.key === key ? { ...action, ...change } : action));
  return { ...incident, actions };
}

export function databaseOf({ actions, target }: Incident, key: string): { readonly database: string } {
  return { database: actions.find((action) => action.key === key)?.database ?? target.name };
}

export function watchAgain(settings: Settings, why: string): NextStep {
  return { kind: "watch", seconds: settings.watch.checkSeconds, why };
}

export function unsolved({ escalatedAt }: Incident): Incident["status"] {
  return escalatedAt === null ? "investigating" : "escalated";
}
