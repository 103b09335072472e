import { describe, expect, it } from "vitest";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import { type Message, messageSchema } from "../../../functions/core/contract/message.ts";
import { approvalMessage } from "../../../functions/core/messages/approval-message.ts";
import { incidentMessages } from "../../../functions/core/messages/incident-messages.ts";
import { renderText } from "../../../functions/core/messages/text.ts";
import { unknownDatabaseMessage } from "../../../functions/core/messages/unknown-database-message.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import {
  aDiagnosis,
  aFinding,
  anAction,
  anApproval,
  anIncident,
  anOutcome,
  aProposal,
  secondsLater,
} from "../../support/incident-builder.ts";
import { type Chapter, incidentStory } from "../../support/incident-story.ts";

const refusal = {
  guard: "protected-application",
  reason: "billing-worker is on the protected list",
  release: "Remove it from policy.protectedApplications",
};

function chapter(title: string): Chapter {
  const found = incidentStory().find((one) => one.title === title);
  if (found === undefined) throw new Error(`no chapter ${title}`);
  return found;
}

function messagesOf({ incident, now }: Chapter) {
  return incidentMessages(incident, defaultSettings, now);
}

function at(seconds: number, incident: Incident) {
  return incidentMessages(incident, defaultSettings, Date.parse(secondsLater(seconds)));
}

function threadText(incident: Incident, key: string): string {
  const found = at(200, incident).thread.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no message ${key}`);
  return renderText(found.message);
}

function keys(incident: Incident): string[] {
  return at(200, incident).thread.map((one) => one.key);
}

describe("the root message", () => {
  it("C1 is about its cause to the end, and not about what is worth knowing of a database that is well", () => {
    const known = aFinding({ id: "restart-or-crash", severity: "P3", category: "availability" });
    const diagnosis = aDiagnosis({ verdict: "well", rootCauses: [known] });
    const incident = anIncident({ status: "resolved", diagnosis, cause: aDiagnosis() });
    const { root } = at(200, incident);
    expect(root.headline).toMatch(/^Resolved: orders-prod: /);
    expect(root.headline).not.toContain("restart or crash");
    expect(renderText(root)).not.toContain("Requests to this database fail");
  });

  const noted = [
    aFinding({
      ...{ id: "restart-or-crash", severity: "P3", category: "availability" },
      summary: "The server was started 12 min ago",
    }),
  ];

  it("C1 says of a false alarm that nothing was wrong, whatever is worth knowing", () => {
    const headline = "Nothing wrong found: connections 8 of 60. Worth knowing: The server was started";
    const diagnosis = aDiagnosis({ verdict: "well", severity: "P3", rootCauses: noted, headline });
    for (const status of ["monitoring", "resolved"] as const) {
      const incident = anIncident({ status, severity: null, diagnosis, cause: null });
      const { root, thread } = at(200, incident);
      const all = [root, ...thread.map(({ message }) => message)].map(renderText).join("\n");
      expect(root.headline).not.toContain("restart or crash");
      expect(all).not.toContain("Requests to this database fail");
    }
  });

  it("C1 keeps the cause that is known where the newest look saw too little to judge", () => {
    const headline = "Cannot judge: sessions could not be seen. Worth knowing: The server was started";
    const diagnosis = aDiagnosis({ verdict: "unknown", severity: "P3", rootCauses: noted, headline });
    const { root } = at(200, anIncident({ status: "monitoring", diagnosis, cause: aDiagnosis() }));
    expect(root.headline).toContain("blocked by idle transaction");
    expect(renderText(root)).not.toContain("Requests to this database fail");
  });

  it("C1 says before any diagnosis which alarm fired on which database", () => {
    const text = renderText(messagesOf(chapter("alarm")).root);
    expect(text).toContain("orders-prod: alarm orders-prod-connections fired");
    expect(text).toContain("PostgreSQL 17.4 (RDS), writer");
    expect(text).toContain("Not known yet");
  });

  it("C1 says database, status, severity, start, duration, next update, impact, cause, evidence and request", () => {
    const { root } = messagesOf(chapter("approval asked"));
    const text = renderText(root);
    expect(root.headline).toBe("P1 orders-prod: blocked by idle transaction, 46 sessions wait");
    for (const part of [
      "Awaiting approval",
      "P1 severe degradation (SEV-2), respond within 15 min",
      "14:03 UTC",
      "5 s",
      "by 14:18 UTC",
      "46 sessions wait. Requests that need the locked rows or tables stand still.",
      "61 of 100 connections",
      "Confidence 95 %",
      "longest for 7 min 41 s",
      "Asks for a decision by 14:18 UTC: Terminate session: app billing-worker",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("C1 no longer claims an impact once the database looks healthy", () => {
    const { root } = messagesOf(chapter("healthy"));
    expect(root.headline).toBe("P1 orders-prod: blocked by idle transaction, healthy again");
    expect(renderText(root)).toContain("None seen any more. Nothing is wrong: 23 of 100 connections");
    expect(renderText(root)).not.toContain("stand still");
  });

  it("C1 says when resolved how long it lasted, why and what was done", () => {
    const { root } = messagesOf(chapter("resolved"));
    expect(root.kind).toBe("resolution");
    const text = renderText(root);
    for (const part of [
      "31 min",
      "14:34 UTC",
      "idle in transaction for 8 min",
      "went from 46 to 0",
      "approved",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("C1 says that a person has to take over when the incident is escalated", () => {
    const text = renderText(
      at(700, {
        ...anIncident({ status: "escalated", unreachableSince: secondsLater(60) }),
        step: { kind: "watch", seconds: 300, why: "the database has been unreachable for 10 min" },
      }).root,
    );
    expect(text).toContain("The database has been unreachable for 10 min. A person has to take over.");
    expect(text).toContain("unreachable for 10 min");
  });
});

describe("the thread", () => {
  it("C2 has the same keys whenever it is asked, and gains some as the incident goes on", () => {
    const story = incidentStory();
    expect(story.map((one) => messagesOf(one).thread.map(({ key }) => key))).toEqual([
      [],
      ["evidence:blocked-by-idle-transaction:4242", "approval:apr-5d20"],
      ["evidence:blocked-by-idle-transaction:4242", "approval:apr-5d20:approved"],
      ["evidence:blocked-by-idle-transaction:4242", "approval:apr-5d20:done", "result:ord-91c2:done"],
      [
        "evidence:blocked-by-idle-transaction:4242",
        "approval:apr-5d20:done",
        "result:ord-91c2:done",
        "healthy#1",
      ],
      [
        "evidence:blocked-by-idle-transaction:4242",
        "approval:apr-5d20:done",
        "result:ord-91c2:done",
        "healthy#1",
        "resolved",
      ],
    ]);
  });

  it("C2 does not repeat the evidence when a later look finds the same cause", () => {
    const again = aDiagnosis({ evidenceId: "inc-7f3a/2", diagnosedAt: secondsLater(40) });
    expect(keys(anIncident({ diagnosis: again, cause: aDiagnosis() }))).toHaveLength(1);
  });

  it("C2 gives the evidence of a second cause a message of its own", () => {
    const other = aDiagnosis({
      rootCauses: [aFinding({ key: "ddl-lock-queue:orders", id: "ddl-lock-queue" })],
    });
    expect(keys(anIncident({ diagnosis: other, cause: aDiagnosis() }))).toEqual([
      "evidence:blocked-by-idle-transaction:4242",
      "evidence:ddl-lock-queue:orders",
    ]);
  });

  it("D7 says what could not be seen, also when no cause was found", () => {
    const blind = aDiagnosis({ rootCauses: [], symptoms: [], headline: "Nothing could be seen inside." });
    const text = threadText(anIncident({ diagnosis: blind }), "evidence:no-cause");
    expect(text).toContain("Nothing could be seen inside.");
    expect(text).toContain("pg_stat_statements is not installed");
  });

  it("D5 shows the path through the decision tree when it is given", () => {
    const incident = anIncident({ diagnosis: aDiagnosis() });
    const path = [{ question: "Is somebody blocked?", answer: "yes: 46" }];
    const [evidence] = incidentMessages(incident, defaultSettings, 0, path).thread;
    expect(evidence && renderText(evidence.message)).toContain("Is somebody blocked? yes: 46");
  });

  it("C2 tells of a few repeated alarms, not of each of fifty", () => {
    const timeline = Array.from({ length: 50 }, (_, index) => ({
      key: `signal#${index}`,
      at: secondsLater(index),
      kind: "signal" as const,
      says: `Alarm ${index}`,
    }));
    expect(keys(anIncident({ timeline }))).toEqual([1, 2, 3, 4, 5].map((index) => `signal#${index}`));
  });

  it("V4 hands over with cause, impact, what was tried and what can be done by hand", () => {
    const incident = anIncident({
      status: "escalated",
      diagnosis: aDiagnosis(),
      cause: aDiagnosis(),
      actions: [anAction({ status: "declined", decidedBy: "U0DANA01" })],
      timeline: [
        { key: "escalated#9", at: secondsLater(60), kind: "escalation", says: "Needs a person: declined" },
      ],
    });
    const text = threadText(incident, "escalated#9");
    expect(text).toContain("A person is needed: orders-prod: Needs a person: declined");
    expect(text).toContain("Declined by a person: Terminate session: app billing-worker");
    expect(text).toContain("pg_terminate_backend(pid, 5000)");
  });

  it("V4 hands over no remedy and no impact of what is not there any more, with what the newest look did not see", () => {
    const well = aDiagnosis({ verdict: "well", rootCauses: [], missing: ["postgres-blocking: no answer"] });
    const timeline = [
      { key: "escalated#9", at: secondsLater(60), kind: "escalation" as const, says: "Needs a person" },
    ];
    const incident = anIncident({ status: "escalated", diagnosis: well, cause: aDiagnosis(), timeline });
    const text = threadText(incident, "escalated#9");
    expect(text).not.toContain("pg_terminate_backend");
    expect(text).toContain("None seen any more");
    expect(text).toContain("postgres-blocking: no answer");
  });
});

describe("the request for approval", () => {
  const pending = approvalMessage(chapter("approval asked").incident, anAction(), anApproval());

  it("A42 shows the exact statement, whom it hits, what it frees and breaks, the alternatives and its end", () => {
    const text = renderText(pending);
    for (const part of [
      "backend_start = '2026-11-21 13:55:01.123456+00'",
      "app billing-worker, user billing, pid 4242",
      "46 waiting sessions",
      "Its open transaction is rolled back (3 rows written)",
      "Cancel query: the statement of app billing-worker, pid 4242 (by hand)",
      "Decline: nothing is done",
      "Good until 14:18 UTC",
      "[Approve] [Decline]",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("A40 names the victim's user, application, age, statement and written rows", () => {
    const text = renderText(pending);
    for (const part of [
      "billing-worker",
      "10.0.4.17",
      "7 min 52 s",
      "3 rows",
      "UPDATE orders SET status = $1",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("A42 has buttons that carry the approval's id and nothing else, and asks before approving", () => {
    expect(pending.buttons.map(({ id, value }) => [id, value])).toEqual([
      ["approve", "apr-5d20"],
      ["decline", "apr-5d20"],
    ]);
    expect(pending.buttons[0]).toMatchObject({
      style: "danger",
      confirm: expect.stringContaining("orders-prod"),
    });
    expect(JSON.stringify(pending)).not.toContain("task-token");
  });

  it("A42 says how many people must still agree to something irreversible", () => {
    const approval = anApproval({ approversNeeded: 2, approvals: [{ by: "U1", at: secondsLater(9) }] });
    const action = anAction({ proposal: aProposal({ risk: "irreversible" }) });
    expect(renderText(approvalMessage(anIncident(), action, approval))).toContain(
      "2 different people must approve; so far 1 (U1)",
    );
  });

  it.each([
    ["declined", anAction({ status: "declined", decidedBy: "U1" }), "Nothing was done."],
    ["expired", anAction({ status: "expired" }), "Nobody decided by 14:18 UTC. Nothing was done."],
    ["approved", anAction({ status: "approved", decidedBy: "U1" }), "Being carried out now."],
    [
      "approved",
      anAction({ status: "finished", outcome: anOutcome() }),
      "Done and verified: Session 4242 is gone; waiting sessions went from 46 to 0.",
    ],
    [
      "approved",
      anAction({ status: "withheld", refusal }),
      "Not done: billing-worker is on the protected list.",
    ],
  ] as const)("A42 becomes a record without buttons once %s", (status, action, says) => {
    const message = approvalMessage(anIncident(), action, anApproval({ status, decidedBy: "U1" }));
    expect(message.buttons).toEqual([]);
    expect(renderText(message)).toContain(says);
  });

  it("A42 is edited, not posted anew, when it was decided", () => {
    const decided = messagesOf(chapter("approved")).thread.find((one) => one.key.startsWith("approval:"));
    expect(decided?.edits).toBe("approval:apr-5d20");
  });

  it("A42 is withdrawn when a guard withheld the action before anybody decided", () => {
    const action = anAction({ status: "withheld", approvalId: "apr-5d20", refusal });
    const incident = anIncident({ actions: [action] });
    const text = threadText(incident, "approval:apr-5d20:withheld");
    expect(text).toContain("Withdrawn:");
    expect(text).not.toContain("[Approve]");
  });

  it("A42 does not show the buttons of an old request when the action is proposed again", () => {
    expect(keys(anIncident({ actions: [anAction({ approvalId: "apr-old" })] }))).toEqual([]);
  });
});

describe("the result of an action", () => {
  it("V1 gives the numbers before and secondsLater, step by step", () => {
    const text = threadText(chapter("done").incident, "result:ord-91c2:done");
    expect(text).toContain("Done and verified: terminate session on orders-prod");
    expect(text).toContain("14:04:50 verified: 46 waiting sessions before, 0 after");
    expect(text).toContain("6180 ms");
  });

  it.each([
    ["refused", "Not done:"],
    ["failed", "Failed:"],
    ["not-verified", "Done, effect not seen yet:"],
    ["already-done", "Not needed any more:"],
  ] as const)("A40 begins with the truth when the outcome is %s", (status, word) => {
    const outcome = anOutcome({ status, refusal: status === "refused" ? refusal : null });
    const incident = anIncident({ actions: [anAction({ status: "finished", outcome })] });
    const text = threadText(incident, `result:ord-91c2:${status}`);
    expect(text.startsWith(word)).toBe(true);
    expect(text.includes("Sent to orders-prod")).toBe(status === "not-verified");
  });

  it("A40 says of a refusal which guard said no and how to release it", () => {
    const incident = anIncident({ actions: [anAction({ status: "withheld", mode: "auto", refusal })] });
    const text = threadText(incident, "withheld:terminate-session:4242:protected-application");
    for (const part of [...Object.values(refusal), "pg_terminate_backend"]) expect(text).toContain(part);
  });
});

describe("every message", () => {
  function all(): Message[] {
    const odd = anIncident({
      openedAt: "not a time",
      diagnosis: aDiagnosis({
        severity: null,
        rootCauses: [aFinding({ actions: [], evidence: [] })],
        missing: [],
      }),
      actions: [
        anAction({ status: "withheld" }),
        anAction({ key: "b", status: "ordered", approvalId: "a1" }),
        anAction({ key: "c", status: "awaiting-approval", approvalId: "a2", updatedAt: "never" }),
      ],
    });
    return [...incidentStory().map((one) => one.incident), odd].flatMap((incident) => {
      const { root, thread } = at(3000, incident);
      return [root, ...thread.map((one) => one.message)];
    });
  }

  it("C1 fits its schema and shows no undefined, null or NaN", () => {
    for (const message of all()) {
      expect(messageSchema.parse(message)).toEqual(message);
      expect(renderText(message)).not.toMatch(/undefined|null|NaN|\[object|Invalid/);
    }
  });

  it("C1 tells somebody of an alarm that names no known database, and what to do about it", () => {
    const signal = {
      schema: "signal.v1",
      id: "sig-9",
      kind: "alarm",
      via: "sns",
      name: "queue-depth",
      arn: null,
      description: null,
      state: "ALARM",
      reason: "Threshold Crossed: 12 > 5",
      at: secondsLater(0),
      accountId: null,
      region: null,
      metrics: [{ namespace: "AWS/SQS", name: "Depth", statistic: null, dimensions: { QueueName: "q" } }],
      childAlarms: [],
      threshold: 5,
      comparison: null,
      recentDatapoints: [],
      mutedBecause: null,
      tags: {},
      databases: [],
    } as const;
    const text = renderText(
      unknownDatabaseMessage(
        { ...signal, metrics: [...signal.metrics], childAlarms: [], recentDatapoints: [], databases: [] },
        "its dimensions name a queue",
      ),
    );
    for (const part of [
      "queue-depth",
      "its dimensions name a queue",
      "12 > 5",
      "QueueName=q",
      "ALARM since 14:03",
    ]) {
      expect(text).toContain(part);
    }
  });
});
