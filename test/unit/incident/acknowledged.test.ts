import { describe, expect, it } from "vitest";
import type { DiagnosisSummary, Incident } from "../../../functions/core/contract/incident.ts";
import { reduce } from "../../../functions/core/incident/reduce.ts";
import { reduceContext } from "../../../functions/core/respond/reduce-context.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { aDiagnosis, aFinding, anIncident, secondsLater } from "../../support/incident-builder.ts";

const context = reduceContext(settingsSchema.parse({}));

/** A cause that only a person can do something about: without an acknowledgement the second look calls one. */
function unsolved(changes: Partial<DiagnosisSummary> = {}): DiagnosisSummary {
  return aDiagnosis({ severity: "P1", rootCauses: [aFinding({ actions: [] })], ...changes });
}

function looked(incident: Incident, seconds: number, summary = unsolved()): Incident {
  const event = { kind: "diagnosed", at: secondsLater(seconds), cycle: incident.cycle + 1, summary } as const;
  return reduce(incident, event, context);
}

function acknowledged(incident: Incident, seconds = 10, until = 1810): Incident {
  const event = {
    ...({ kind: "acknowledged", by: "U0DANA01" } as const),
    ...{ at: secondsLater(seconds), until: secondsLater(until) },
  };
  return reduce(incident, event, context);
}

const says = ({ timeline }: Incident, kind: string): string[] =>
  timeline.filter((entry) => entry.kind === kind).map((entry) => entry.says);

describe("an acknowledged incident", () => {
  it("V5 calls nobody else while it holds, and says once what it would have called for", () => {
    const first = acknowledged(looked(anIncident(), 5));
    const later = looked(looked(first, 200), 400);
    expect(later.status).not.toBe("escalated");
    expect(says(later, "escalation")).toEqual([]);
    const notes = says(later, "note");
    expect(notes.filter((note) => note.startsWith("Acknowledged by U0DANA01"))).toHaveLength(1);
    expect(notes.filter((note) => note.startsWith("Would call a person now"))).toHaveLength(1);
  });

  it("V5 calls when its time is over and nothing is better", () => {
    const over = looked(acknowledged(looked(anIncident(), 5)), 1811);
    expect(over.status).toBe("escalated");
    expect(says(over, "escalation")).toHaveLength(1);
  });

  it("V5 calls at once when it gets worse, and the acknowledgement counts no more", () => {
    const worse = looked(acknowledged(looked(anIncident(), 5)), 200, unsolved({ severity: "P0" }));
    expect(worse.status).toBe("escalated");
    expect(worse.acknowledged).toBeUndefined();
    expect(says(worse, "escalation")).toEqual([expect.stringContaining("worse since: it is P0 by now")]);
  });

  it("V5 calls at once when the database is not reached any more", () => {
    const lost = looked(
      acknowledged(looked(anIncident(), 5)),
      200,
      unsolved({ connected: false, unreachable: true }),
    );
    expect(says(lost, "escalation")).toEqual([expect.stringContaining("not reached any more")]);
  });

  it("V5 is told of getting worse also where a person was called before", () => {
    const called = looked(looked(anIncident(), 5), 200);
    expect(called.status).toBe("escalated");
    const worse = looked(acknowledged(called, 210), 260, unsolved({ severity: "P0" }));
    expect(says(worse, "escalation")).toHaveLength(2);
  });
});
