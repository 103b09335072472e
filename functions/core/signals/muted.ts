import { camelKeys, isRecord } from "./shapes.ts";

interface Suppression {
  readonly actionsSuppressedBy?: string | null | undefined;
  readonly actionsSuppressedReason?: string | null | undefined;
}

/**
 * Mute rules and suppressors stop the alarm's own actions but not its EventBridge events, so whoever listens there
 * must honour them. Null: nobody asked for silence.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 */
export function mutedBecause(muteDetail: unknown, state: Suppression): string | null {
  const mute = camelKeys(muteDetail);
  if (isRecord(mute)) {
    const until = typeof mute["muteWindowEnd"] === "string" ? ` until ${mute["muteWindowEnd"]}` : "";
    const by = typeof mute["mutedByArn"] === "string" ? mute["mutedByArn"] : "a mute rule";
    return `muted by ${by}${until}`;
  }
  if (!state.actionsSuppressedBy) return null;
  const why = state.actionsSuppressedReason ? `: ${state.actionsSuppressedReason}` : "";
  return `actions suppressed by ${state.actionsSuppressedBy}${why}`;
}
