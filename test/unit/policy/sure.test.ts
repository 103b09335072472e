import { describe, expect, it } from "vitest";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import { databaseOffers } from "../../../functions/core/actions/offers.ts";
import { type ProposedAction, proposedActionSchema } from "../../../functions/core/contract/finding.ts";
import { emptyLedger } from "../../../functions/core/contract/ledger.ts";
import { approvalMessage } from "../../../functions/core/messages/approval-message.ts";
import { proofFields } from "../../../functions/core/messages/proof-fields.ts";
import { renderText } from "../../../functions/core/messages/text.ts";
import { decideAction } from "../../../functions/core/policy/gate.ts";
import { neverAloneOf } from "../../../functions/core/policy/never-alone.ts";
import { unsureRefusal } from "../../../functions/core/policy/sure.ts";
import { reduceContext } from "../../../functions/core/respond/reduce-context.ts";
import { type Settings, settingsSchema } from "../../../functions/core/settings.ts";
import {
  anAction,
  anApproval,
  anIncident,
  aProposal,
  aTarget,
  openedAt,
  secondsLater,
} from "../../support/incident-builder.ts";

const settings = settingsSchema.parse({ policy: { approvers: ["UANA"], modes: { disruptive: "auto" } } });

function without(...names: readonly ("causes" | "ends" | "costs")[]): ProposedAction {
  const { causes, ends, costs, ...rest } = aProposal();
  const all = { causes, ends, costs };
  return proposedActionSchema.parse({
    ...rest,
    ...Object.fromEntries(Object.entries(all).filter(([name]) => !names.some((missing) => missing === name))),
  });
}

/** A statement that runs or waits, as an action's input names it. */
function running(query: string, waitEvent: string | null): ProposedAction {
  const input = {
    sessionId: 4242,
    sessionKey: "2026-11-21 13:55:01.123456+00",
    statementKey: "2026-11-21 13:55:02+00 abc",
    state: "active",
    query,
    waitEvent,
  };
  return aProposal({ id: "cancel-query", input });
}

function gate(proposal: ProposedAction, approved = false, by: Settings = settings) {
  const actionKey = actionKeyOf(proposal);
  const at = secondsLater(50);
  const approval = approved
    ? anApproval({
        actionKey,
        proposal,
        status: "approved",
        approvals: [{ by: "UANA", at }],
        decidedBy: "UANA",
        decidedAt: at,
      })
    : null;
  return decideAction({
    proposal,
    actionKey,
    incident: anIncident(),
    target: aTarget(),
    settings: by,
    settingsStanding: { kind: "in-force", version: 1, modifiedAt: 1 },
    ledger: emptyLedger,
    snoozes: [],
    killSwitch: { engaged: false, says: "off" },
    approval,
    now: Date.parse(secondsLater(60)),
    orderId: "ord-1",
  });
}

describe("automatic means sure", () => {
  it("D11 permits without a person what is shown to cause the harm, to end it, and what it costs", () => {
    expect(unsureRefusal(aProposal())).toBeNull();
    expect(gate(aProposal()).kind).toBe("permit");
  });

  it.each(["causes", "ends", "costs"] as const)(
    "D11 asks a person where %s is not shown, and says which",
    (name) => {
      const decision = gate(without(name));
      expect(decision).toMatchObject({ kind: "ask", because: { guard: "not-sure" } });
      if (decision.kind !== "ask") return;
      expect(decision.because?.reason).toContain(`(${name})`);
      expect(decision.because?.release).toContain("approver");
    },
  );

  it("D11 names all three where none is shown, as in what was stored before they were asked", () => {
    const stored: unknown = JSON.parse(JSON.stringify(without("causes", "ends", "costs")));
    const proposal = proposedActionSchema.parse(stored);
    const reason = unsureRefusal(proposal)?.reason ?? "";
    expect(["causes", "ends", "costs"].every((name) => reason.includes(`(${name})`))).toBe(true);
    expect(gate(proposal).kind).toBe("ask");
  });

  it("D11 lets a person approve what is not sure", () => {
    expect(gate(without("causes"), true)).toMatchObject({
      kind: "permit",
      order: { permittedBy: "approval", approvedBy: "UANA" },
    });
  });

  it("D11 asks at once in mode auto instead of trying and being refused", () => {
    const { modeOf } = reduceContext(settings);
    expect(modeOf(aProposal(), anIncident(), openedAt)).toBe("auto");
    expect(modeOf(without("ends"), anIncident(), openedAt)).toBe("approve");
  });
});

/** Issue 9, point 3: shown with all three proofs, and still a person's. */
const never: readonly [what: string, kind: string, query: string, waitEvent: string | null][] = [
  ["a VACUUM", "maintenance-statement", "VACUUM (ANALYZE) orders", null],
  ["a freeze run", "maintenance-statement", "/* nightly */ vacuum (freeze) orders", "IO/DataFileRead"],
  ["an ANALYZE", "maintenance-statement", "-- stats\nANALYZE orders", null],
  ["a REINDEX", "maintenance-statement", "REINDEX INDEX CONCURRENTLY orders_pkey", null],
  [
    "an index built CONCURRENTLY",
    "maintenance-statement",
    "create unique index concurrently i on t (a)",
    null,
  ],
  ["MySQL's OPTIMIZE TABLE", "maintenance-statement", "OPTIMIZE LOCAL TABLE orders", "altering table"],
  ["a commit that waits for its replica", "commit-awaits-replica", "COMMIT", "IPC/SyncRep"],
  [
    "MySQL's semi-synchronous commit",
    "commit-awaits-replica",
    "UPDATE t SET a = ?",
    "Waiting for semi-sync ACK from replica",
  ],
  ["a client that is slow to read", "slow-client", "SELECT * FROM big", "Client/ClientWrite"],
  ["MySQL's client that is slow to read", "slow-client", "SELECT * FROM big", "Sending to client"],
  ["pg_sleep", "pausing-on-purpose", "SELECT pg_sleep(?)", "Timeout/PgSleep"],
  ["SLEEP", "pausing-on-purpose", "SELECT SLEEP(?)", "User sleep"],
  [
    "a partition that is detached CONCURRENTLY",
    "maintenance-statement",
    'ALTER TABLE ONLY app."all orders" DETACH PARTITION app."orders 2024" CONCURRENTLY',
    "Lock/virtualxid",
  ],
  [
    "the end of one that was not finished",
    "maintenance-statement",
    "alter table orders detach partition orders_2024 finalize;",
    null,
  ],
  ["who waits for another server up to PostgreSQL 16", "extension-wait", "SELECT 1", "Extension/Extension"],
  ["postgres_fdw", "extension-wait", "UPDATE f SET a = $1", "Extension/PostgresFdwGetResult"],
  ["dblink", "extension-wait", "SELECT dblink($1)", "Extension/DblinkGetResult"],
  ["several other servers at once", "extension-wait", "SELECT count(*) FROM parts", "IPC/AppendReady"],
  ["who waits for a pinned page", "buffer-pin-wait", "SELECT 1", "BufferPin/BufferPin"],
];

describe("what is never done without a person", () => {
  it.each(never)("A40 leaves %s alone, however sure it looks (%s)", (_what, kind, query, waitEvent) => {
    const proposal = running(query, waitEvent);
    expect(gate(proposal)).toMatchObject({ kind: "ask", because: { guard: "never-alone" } });
    expect(proofFields(proposal).at(-1)?.value).toContain("never done without a person");
    expect(neverAloneOf(proposal)?.kind).toBe(kind);
  });

  it.each(["advisory-lock", "holder-of-the-moment", "wait-not-its-own"] as const)(
    "A40 leaves what the finding calls %s to a person",
    (kind) => {
      const proposal = aProposal({ neverAlone: { kind, says: "the finding saw it" } });
      expect(gate(proposal)).toMatchObject({ kind: "ask", because: { guard: "never-alone" } });
    },
  );

  it("A40 does not take a DETACH at one go for maintenance, and leaves what is at work alone whatever it is", () => {
    for (const query of ["ALTER TABLE orders DETACH PARTITION orders_2024", "SELECT 1", null]) {
      const proposal = running(query ?? "", null);
      expect(neverAloneOf(proposal)?.kind).toBe("at-work");
      expect(gate(proposal)).toMatchObject({ kind: "ask", because: { guard: "never-alone" } });
    }
  });

  it("A40 does not take the last statement of an idle transaction for what it does now", () => {
    const { input } = running("VACUUM orders", "Client/ClientRead");
    const idle = { ...(typeof input === "object" ? input : {}), state: "idle-in-transaction" };
    expect(unsureRefusal(aProposal({ input: idle }))).toBeNull();
  });
});

const modes = [
  ["safe", "auto"],
  ["disruptive", "auto"],
  ["disruptive", "approve"],
] as const;

describe("what is done to objects", () => {
  it.each(databaseOffers.filter(({ asksAlways }) => asksAlways === true).map(({ id }) => id))(
    "A40 %s is asked about whatever the mode, and with all three proofs",
    (id) => {
      for (const [risk, mode] of modes) {
        const proposal = aProposal({ id, risk, input: {} });
        const settings = settingsSchema.parse({ policy: { approvers: ["UANA"], modes: { [risk]: mode } } });
        expect(gate(proposal, false, settings).kind).toBe("ask");
        expect(unsureRefusal(proposal)?.guard).toBe("never-alone");
      }
    },
  );

  it("A40 nothing but to end one session may ever be done unasked", () => {
    const alone = databaseOffers.filter(({ asksAlways }) => asksAlways !== true).map(({ id }) => id);
    expect(alone).toEqual(["cancel-query", "terminate-session"]);
  });
});

describe("the card of a proposal", () => {
  it("D11 shows the three proofs with their sources, and that policy may do it by itself", () => {
    const shown = renderText(approvalMessage(anIncident(), anAction(), anApproval()));
    expect(shown).toContain("Causes the harm:");
    expect(shown).toContain("(postgres-blocking)");
    expect(shown).toContain("all three are shown");
  });

  it("D11 says what is not shown", () => {
    const action = anAction({ proposal: without("ends") });
    const shown = renderText(approvalMessage(anIncident(), action, anApproval()));
    expect(shown).toMatch(/Ends the harm: +not shown/);
    expect(shown).toContain("does not show that ending it ends the harm (ends)");
  });
});
