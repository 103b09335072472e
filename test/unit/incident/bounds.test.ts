import { describe, expect, it } from "vitest";
import type { DiagnosisSummary, Incident } from "../../../functions/core/contract/incident.ts";
import { bytesOf } from "../../../functions/core/incident/bounds.ts";
import type { IncidentEvent } from "../../../functions/core/incident/events.ts";
import { reduce } from "../../../functions/core/incident/reduce.ts";
import type { ReduceContext } from "../../../functions/core/incident/reduce-context.ts";
import { incidentMessages } from "../../../functions/core/messages/incident-messages.ts";
import { defaultSettings, type Mode } from "../../../functions/core/settings.ts";
import {
  aDiagnosis,
  aFinding,
  after,
  anIncident,
  anOutcome,
  aProposal,
} from "../../support/incident-builder.ts";

/** Half of what an item of DynamoDB may hold. */
const mostBytes = 200_000;

function context(mode: Mode): ReduceContext {
  return {
    settings: defaultSettings,
    keyOf: (proposal) => proposal.preview.slice(0, 40),
    isSame: (asked, now) => asked.preview === now.preview,
    modeOf: () => mode,
  };
}

/** Another session blocks at every look, with a statement of 2.8 KB. */
function rotating(look: number): DiagnosisSummary {
  const preview = `terminate ${look} ${"x".repeat(2800)}`;
  const proposal = aProposal({ preview, describes: `session ${look}` });
  const finding = aFinding({
    key: `blocked:${look}`,
    summary: `Session ${look} blocks`,
    actions: [proposal],
  });
  return aDiagnosis({
    headline: `Session ${look} blocks 40 others: ${"w".repeat(400)}`,
    rootCauses: Array.from({ length: 2 }, (_, index) => ({ ...finding, key: `blocked:${look}:${index}` })),
    missing: Array.from({ length: 20 }, (_, index) => `metric ${index}: ${"m".repeat(200)}`),
  });
}

const keyOf = (look: number): string => `terminate ${look} ${"x".repeat(2800)}`.slice(0, 40);

/** What the gate and the acting function answer to the step. */
type Answer = (incident: Incident, look: number, at: string) => IncidentEvent[];

const withheldBy =
  (guard: string): Answer =>
  ({ step }, look, at) =>
    step.kind === "act"
      ? [{ kind: "withheld", at, actionKey: step.actionKey, orderId: `o${look}`, refusal: refusal(guard) }]
      : [];

function refusal(guard: string) {
  return { guard, reason: `The guard ${guard} says no.`, release: "Whoever owns the database decides." };
}

function live(mode: Mode, looks: number, answer: Answer) {
  let incident = anIncident();
  let posts = 0;
  let largest = 0;
  const apply = (event: IncidentEvent): void => {
    incident = reduce(incident, event, context(mode));
    largest = Math.max(largest, bytesOf(incident));
  };
  for (let look = 1; look <= looks; look += 1) {
    const at = after(look * 20);
    if (look % 5 === 0) apply({ kind: "signal", at, signal: longSignal(look, at) });
    apply({ kind: "diagnosed", at, cycle: look, summary: rotating(look) });
    for (const event of answer(incident, look, at)) apply(event);
    if (look > 20 && look % 10 !== 0) continue;
    const receipts = Object.fromEntries(
      incidentMessages(incident, defaultSettings, Date.parse(at))
        .thread.filter(({ key }) => incident.receipts[key] === undefined)
        .map(({ key, edits }) => {
          posts += edits === null ? 1 : 0;
          return [
            key,
            { channel: "C1", ts: `${look}.1`, permalink: "https://example.slack.com/archives/C1/p1" },
          ];
        }),
    );
    apply({ kind: "delivered", root: null, receipts });
  }
  return { incident, posts, largest };
}

function longSignal(look: number, at: string) {
  return {
    schema: "signal.v1" as const,
    id: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${"n".repeat(255)}/${look}`,
    kind: "alarm" as const,
    via: "lambda" as const,
    name: `alarm-${look % 30}-${"n".repeat(200)}`,
    arn: null,
    description: null,
    state: look % 2 === 0 ? ("ALARM" as const) : ("OK" as const),
    reason: "r".repeat(2000),
    at,
    accountId: null,
    region: null,
    metrics: [],
    childAlarms: [],
    threshold: 80,
    comparison: null,
    recentDatapoints: [],
    mutedBecause: null,
    tags: {},
    databases: [],
  };
}

describe("an incident that lasts a thousand looks", { timeout: 120_000 }, () => {
  it.each([
    ["observe", "observe", 1000],
    ["auto", "protected-application", 300],
    ["auto", "kill-switch", 100],
  ] as const)(
    "Q3 stays far below what an item may hold in mode %s, held back by %s at %i looks",
    (mode, guard, looks) => {
      const { incident, posts, largest } = live(mode, looks, withheldBy(guard));
      expect(largest).toBeLessThan(mostBytes);
      expect(incident.status).toBe("escalated");
      expect(
        incident.timeline.filter(({ kind }) => kind === "escalation").map(({ says }) => says),
      ).toHaveLength(1);
      const [told, ...more] = incident.timeline.filter(({ key }) => key.startsWith("withheld#"));
      expect(told?.says).toMatch(/^Not done \d+ times \(\d+ different\): session \d+/);
      expect(more).toEqual([]);
      expect(posts).toBeLessThan(30);
    },
  );

  it("Q3 in mode observe the gate is not asked about one session after the other for ever", () => {
    const { incident } = live("observe", 100, withheldBy("observe"));
    expect(incident.heldBack).toMatchObject([{ guard: "observe", count: 3, different: 3 }]);
    expect(incident.actions).toHaveLength(3);
  });

  it("Q3 A40 forgets no action that may have acted, and stops before they would be too many", () => {
    const { incident, largest } = live("auto", 60, ({ step }, look, at) =>
      step.kind === "act"
        ? [
            {
              kind: "action-finished",
              at,
              outcome: anOutcome({ orderId: `o${look}`, actionKey: step.actionKey, killed: [look] }),
            },
          ]
        : [],
    );
    const killed = incident.actions.flatMap(({ outcome }) => outcome?.killed ?? []);
    expect(killed.length).toBeGreaterThanOrEqual(30);
    expect(killed).toEqual(Array.from({ length: killed.length }, (_, index) => index + 1));
    expect(incident.status).toBe("escalated");
    expect(largest).toBeLessThan(mostBytes);
  });

  it("Q3 a remedy that lasting guards held back makes room for the next ones, and one under way stays", () => {
    const ordered = keyOf(1);
    let incident = anIncident();
    for (let look = 1; look <= 60; look += 1) {
      const at = after(look * 20);
      incident = reduce(
        incident,
        { kind: "diagnosed", at, cycle: look, summary: rotating(look) },
        context("auto"),
      );
      if (look === 1) continue;
      for (const event of withheldBy("protected-user")(incident, look, at)) {
        incident = reduce(incident, event, context("auto"));
      }
    }
    expect(incident.actions.length).toBeLessThanOrEqual(13);
    expect(incident.actions.at(-1)?.key).toBe(keyOf(60));
    expect(incident.actions.some(({ key }) => key === ordered)).toBe(false);
  });
});
