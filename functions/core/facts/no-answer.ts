import type { Explanation } from "../contract/explanation.ts";
import type { View } from "./view.ts";

/** Something accepts connections and does not go on: as a server that is throttled, stands still or wakes up. */
export function gotNoAnswer({ evidence: { connection } }: View): boolean {
  const { status, failedStep } = connection;
  return status === "not-connected" && ["tls", "handshake", "session"].includes(failedStep ?? "");
}

/** That nobody gets in, and that clients try again and again, where what stands still explains it. */
export function explainsNoAnswer(view: View, because: string): readonly Explanation[] {
  if (!gotNoAnswer(view)) return [];
  return [
    { cause: "database-unreachable", because },
    { cause: "connection-storm", because: "who gets no answer tries again" },
  ];
}
