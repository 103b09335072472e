import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { actionKeyOf } from "../../functions/core/actions/action-key.ts";
import { outcomeSchema } from "../../functions/core/contract/work-order.ts";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { closeAll, openSession } from "../lab/engines/sql.ts";
import { anAction } from "../support/incident-builder.ts";
import { anOrder } from "../support/order-builder.ts";
import { respondDefinition } from "../support/synth.ts";
import { slackRoom } from "./slack-room.ts";
import { approver, incidentOf, startBank } from "./support.ts";

const guest = { id: "U0GUEST1", name: "guest" };
const limit = { of: "role", name: "shop", setting: "statement_timeout", value: "60s" };
const id = "set-timeout";
const preview = `ALTER ROLE "shop" SET statement_timeout = '60s'`;

describeEngine("Undo in Slack", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
    await root("alter role rds_responder_act createrole");
    await root("grant shop to rds_responder_act with admin option");
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  async function root(sql: string): Promise<void> {
    const client = await openSession(server, { user: "rdsadmin" });
    await client.query(sql);
    await closeAll([client]);
  }

  async function held(): Promise<string> {
    const client = await openSession(server, { user: "shop" });
    const { rows } = await client.query("show statement_timeout");
    await closeAll([client]);
    return z.object({ statement_timeout: z.string() }).parse(rows[0]).statement_timeout;
  }

  type Room = Awaited<ReturnType<typeof slackRoom>>;

  /** The time limit of a role, set by the real action under an order of this incident, as a click would have had it. */
  async function limited({ lab }: Room, incidentId: string): Promise<string> {
    const incident = await incidentOf(lab, incidentId);
    const now = lab.deps.clock.now();
    const order = anOrder({
      ...{ orderId: `${incidentId}-done`, incidentId, actionId: id, input: limit, target: incident.target },
      actionKey: actionKeyOf({ id, input: limit, preview }),
      ...{ issuedAt: new Date(now).toISOString(), expiresAt: new Date(now + 600_000).toISOString() },
      ...{ permittedBy: "approval", approvedBy: approver },
    });
    const { settings } = await lab.deps.settings.readWithStanding();
    const outcome = outcomeSchema.parse(await lab.states["ActOnPostgres"]?.({ order, settings }));
    expect(outcome).toMatchObject({ status: "done", undo: { actionId: id } });
    const at = new Date(now).toISOString();
    const record = { schema: "audit.v1", incidentId, orderId: order.orderId, at, refusal: null } as const;
    await lab.deps.incidents.appendAudit({ ...record, phase: "ordered", order, outcome: null });
    const { proposal } = anAction();
    const action = anAction({
      ...{ key: order.actionKey, status: "finished", orderId: order.orderId, outcome, updatedAt: at },
      proposal: { ...proposal, id, input: limit, preview, describes: "Sets statement_timeout of role shop" },
    });
    await lab.deps.incidents.save({ ...incident, actions: [...incident.actions, action] });
    return order.orderId;
  }

  /** A healthy database is watched twice: in the first wait the limit is set, in the second one Undo is pressed. */
  async function play(press: (room: Room, value: string) => Promise<void>) {
    await root("alter role shop set statement_timeout = '90min'");
    let waits = 0;
    let incidentId = "";
    let orderId = "";
    let pressed: unknown = "not pressed";
    const asError = (error: unknown) => error;
    const room = await slackRoom(server, definition, {
      mode: "approve",
      onWatch: async () => {
        waits += 1;
        const [custody] = await room.lab.deps.incidents.custodies();
        incidentId = custody?.incidentId ?? incidentId;
        if (waits === 1) orderId = await limited(room, incidentId);
        // What it does not find must fail the test, and not the machine.
        if (waits === 2) pressed = await press(room, `${incidentId}/${orderId}`).then(() => null, asError);
      },
    });
    await room.ask("diagnose bank");
    await room.lab.workflow.idle();
    expect(pressed).toBeNull();
    const incident = await incidentOf(room.lab, incidentId);
    const audit = await room.lab.deps.incidents.audit(incidentId);
    const undo = incident.actions.find(({ undoes }) => undoes === orderId);
    return { room, incident, audit: audit.filter((one) => one.orderId !== orderId), undo, orderId };
  }

  const cardOf = ({ slack }: Room, headline: string) =>
    slack.messages().find(({ text, blocks }) => text.includes(headline) && blocks.length > 0);

  it("A42 takes back what was done, by one approver's click, through the gate, the audit and the act", async () => {
    const { room, audit, undo, incident, orderId } = await play(async (open, value) => {
      expect(await held()).toBe("1min");
      const card = cardOf(open, "Done and verified: set timeout on bank");
      expect(JSON.stringify(card?.blocks)).toContain(`SET statement_timeout = '90min'`);
      await open.slack.click(value, "undo", guest);
      expect(open.slack.messages().at(-1)).toMatchObject({
        onlyFor: guest.id,
        text: expect.stringContaining("Only an approver"),
      });
      expect((await open.slack.click(value, "undo")).status).toBe(200);
      // Pressed, and gone.
      await expect(open.slack.click(value, "undo")).rejects.toThrow("no message shows a button");
    });
    expect(await held()).toBe("90min");
    expect(audit.map(({ phase }) => phase)).toEqual(["ordered", "finished"]);
    expect(audit[0]?.order).toMatchObject({
      permittedBy: "approval",
      approvedBy: approver,
      acts: "database",
    });
    expect(audit[0]?.orderId).toContain(`${orderId}-undo`);
    expect(undo).toMatchObject({ status: "finished", outcome: { status: "done" } });
    expect(cardOf(room, "Done and verified: undo by set timeout on bank")).toBeDefined();
    expect(incident.status).toBe("resolved");
    expect(JSON.stringify(room.slack.messages())).toContain("Somebody has asked to take it back");
    expect(JSON.stringify(room.slack.messages())).not.toContain('"undo:0"');
  });

  it("A42 what the world has changed since is not taken back, and says so", async () => {
    const { audit, undo } = await play(async (open, value) => {
      await root("alter role shop set statement_timeout = '5min'");
      await open.slack.click(value, "undo");
    });
    expect(await held()).toBe("5min");
    expect(audit.at(-1)?.outcome).toMatchObject({
      status: "refused",
      refusal: { guard: expect.any(String) },
    });
    expect(undo?.outcome?.summary).toContain("5min");
  });
});
