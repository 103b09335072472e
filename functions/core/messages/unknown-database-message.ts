import type { Message } from "../contract/message.ts";
import type { Signal } from "../contract/signal.ts";
import { fields, labelled, list, note } from "./sections.ts";
import { clockTime } from "./wording.ts";

/** An alarm of which the responder cannot tell the database. No incident opens, but somebody has to know. */
export function unknownDatabaseMessage(signal: Signal, reason: string): Message {
  return {
    schema: "message.v1",
    kind: "alert",
    incidentId: `signal:${signal.id}`,
    headline: `Alarm ${signal.name} names no database the responder knows`,
    severity: null,
    status: "Not handled",
    sections: [
      fields(
        { label: "Alarm", value: signal.name },
        { label: "State", value: `${signal.state} since ${clockTime(signal.at)}` },
      ),
      labelled("Why nothing is done", reason),
      labelled("What the alarm says", signal.reason),
      ...list("Its metrics", signal.metrics.map(metricText), 5),
      note(
        'Give the alarm a dimension DBInstanceIdentifier or DBClusterIdentifier, or add it to "alarms" in the settings.',
      ),
    ],
    buttons: [],
  };
}

function metricText(metric: Signal["metrics"][number]): string {
  const dimensions = Object.entries(metric.dimensions).map(([name, value]) => `${name}=${value}`);
  return `${metric.namespace} ${metric.name} (${dimensions.length === 0 ? "no dimensions" : dimensions.join(", ")})`;
}
