import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import type { Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { AwsError } from "../../../functions/core/errors.ts";
import { actOnAws } from "../../../functions/core/respond/act-on-aws.ts";
import { outcomeOfLostLook } from "../../../functions/core/respond/outcome-of-error.ts";
import { awsWorld } from "../../support/aws-world.ts";
import { aChangeable, anAwsOrder, changeableTarget } from "../../support/rds-builder.ts";

const log = createCollectingLog();

function looksOf({ clock, rds }: ReturnType<typeof awsWorld>) {
  const act = (order: WorkOrder, retries: number) =>
    actOnAws({ order, retries }, { clock, log, rdsChanges: rds });
  const look = (order: WorkOrder, { running }: Outcome): WorkOrder => {
    if (running === undefined) throw new Error("it is not running");
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    return { ...order, expiresAt, follows: { ...running, mayTidy: true } };
  };
  return { act, look };
}

describe("a look that is retried, after an attempt that sent a call and told nobody", () => {
  it.each(["applying", "modifying"])(
    "A24 does not let a later look give the group again over a person, seen as %s meanwhile",
    async (seen) => {
      const world = awsWorld();
      const { rds, clock } = world;
      const { act, look } = looksOf(world);
      const is = { known: false };
      const send = rds.send;
      rds.send = async (call, signal) => {
        if (!is.known && call.operation === "ModifyDBInstance")
          throw new AwsError("DBParameterGroupNotFound", true, "not found");
        return send(call, signal);
      };
      const show = (name: string, groupStatus: string, status: string) => {
        const [state] = rds.databases;
        if (state === undefined) throw new Error("no database");
        const parameterGroups = [{ name, status: groupStatus }];
        rds.databases[0] = { ...state, status, parameterGroups, pending: [] };
      };
      const order = anAwsOrder("own-parameter-group");
      const began = await act(order, 0);
      expect(began).toMatchObject({ status: "running", running: { handle: { givenAt: null } } });
      is.known = true;
      await clock.advance(30_000);
      const looked = look(order, began);
      await act(looked, 0);
      const given = () => rds.sent.filter(({ operation }) => operation === "ModifyDBInstance");
      expect(given()).toHaveLength(1);
      if (seen === "applying") show("responder-orders-db-17", "applying", "available");
      else show("orders-17", "in-sync", "modifying");
      const again = await act(looked, 1);
      expect(again.status).toBe("running");
      show("orders-17", "in-sync", "available");
      await clock.advance(30_000);
      const next = await act(look(order, again), 0);
      expect(next.summary).toContain("or may have been");
      expect(given()).toHaveLength(1);
    },
  );

  it("A24 gives the group all the same where no attempt at the look before was allowed to", async () => {
    const world = awsWorld();
    const { rds, clock } = world;
    const { act, look } = looksOf(world);
    const is = { known: false };
    const send = rds.send;
    rds.send = async (call, signal) => {
      if (!is.known && call.operation === "ModifyDBInstance")
        throw new AwsError("DBParameterGroupNotFound", true, "not found");
      return send(call, signal);
    };
    const order = anAwsOrder("own-parameter-group");
    const began = await act(order, 0);
    is.known = true;
    await clock.advance(30_000);
    const looked = look(order, began);
    if (looked.follows === undefined) throw new Error("it follows nothing");
    const stopped = { mayTidy: false, held: "kill-switch: It is engaged." };
    const stop = { ...looked, follows: { ...looked.follows, ...stopped } };
    const held = await act(stop, 1);
    const lost = outcomeOfLostLook(stop, { error: { Error: "Sandbox.Timedout" }, begun: 0 }, clock.now());
    expect(lost.running?.handle).toEqual(began.running?.handle);
    const given = () => rds.sent.filter(({ operation }) => operation === "ModifyDBInstance");
    expect(given()).toHaveLength(0);
    await clock.advance(30_000);
    await act(look(order, held), 0);
    expect(given()).toHaveLength(1);
  });

  it("A28 does not let a later look ask again for the instance that a person has deleted", async () => {
    const world = awsWorld();
    const { rds, clock } = world;
    const { act, look } = looksOf(world);
    rds.databases.push(aChangeable({ kind: "cluster", id: "shop", resourceId: "cluster-SHOP" }));
    const cluster = { flavour: "aurora", clusterId: "shop", instanceClass: "db.r6g.large" } as const;
    const target = { ...changeableTarget, name: "shop-1", resourceId: "cluster-SHOP", ...cluster };
    const at = new Date(clock.now() - 3_600_000).toISOString();
    const input = { of: "shop", name: "responder-shop-copy", at, instanceClass: "db.r6g.large" };
    const order = anAwsOrder("restore-copy", { target }, input);
    const began = await act(order, 0);
    rds.settle();
    await clock.advance(30_000);
    const looked = look(order, began);
    await act(looked, 0);
    const { made } = rds.beside;
    const asked = () => rds.sent.filter(({ operation }) => operation === "CreateDBInstance");
    expect(asked()).toHaveLength(1);
    const copyIs = (status: string) => {
      const index = made.findIndex(({ id }) => id === "responder-shop-copy");
      const copy = made[index];
      if (copy === undefined) throw new Error("no copy");
      made[index] = { ...copy, status };
    };
    copyIs("backing-up");
    const again = await act(looked, 1);
    expect(again.status).toBe("running");
    copyIs("available");
    made.splice(
      made.findIndex(({ id }) => id === "responder-shop-copy-1"),
      1,
    );
    await clock.advance(30_000);
    const next = await act(look(order, again), 0);
    expect(next.summary).toContain("nothing was sent again");
    expect(asked()).toHaveLength(1);
  });
});
