import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mayHaveActed } from "../../../functions/core/contract/work-order.ts";
import { bundleAsDeployed } from "../../../lib/bundle-handlers.ts";
import { orderFor } from "../../engines/actions/support.ts";
import { type BreakingWay, startBreakingWay } from "../../lab/endpoint/breaking-way.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { doorFaults, type StatementFault, type Step } from "./fault-table.ts";
import type { World } from "./scene.ts";
import { carryOut, play, type Told } from "./story.ts";

/** Each action of an engine behind a way that breaks at the statement that acts. */
export function actSuite(
  start: () => Promise<World>,
  rows: readonly (readonly [Step, StatementFault])[],
): void {
  let world: World;
  let way: BreakingWay;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "rds-responder-dying-"));
    await bundleAsDeployed("test/faults/database/dying-function.ts", join(directory, "program.cjs"));
    world = await start();
    way = await startBreakingWay(world.server.port);
  });
  afterAll(async () => {
    await way?.stop();
    await world?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it.each(doorFaults)("Q9 sends nothing, and says so, where whoever connects is %s", async (door) => {
    const scene = world.scenes["analyze-table"];
    if (scene === undefined) throw new Error("no scene");
    const order = orderFor(world.server, "analyze-table", await scene.prepare());
    await way.door(door);
    try {
      const outcome = await carryOut({ ...order, target: { ...order.target, port: way.port } });
      expect(outcome).toMatchObject({ status: "failed", mayHaveActed: false });
      expect(outcome.summary).toContain("Nothing was sent: the database could not be reached");
    } finally {
      await way.door("open");
    }
    expect(await scene.done()).toBe(0);
  });

  it.each(rows)("Q9 %s acts once, and the record tells the truth, when it is %s", async (id, fault) => {
    const scene = world.scenes[id];
    if (scene === undefined) throw new Error(`no scene for ${id}`);
    const stage = { server: world.server, way, program: join(directory, "program.cjs") };
    const orders = await play(stage, id, scene, fault);
    for (const order of orders) tellsTheTruth(order);
    const { last } = orders.at(-1) ?? {};
    if (scene.noTrace && last?.status === "not-verified") expect(last.summary).toMatch(asksAPerson);
    else expect(last?.status, last?.summary).toMatch(/done$/);
    await waitUntil(async () => (await world.left()).length === 0, {
      what: `nothing of it is left there: ${(await world.left()).join()}`,
    });
  });
}

const asksAPerson = /a person|which way is not known|the next look/;

/** By what reached the server and what somebody else saw there, never by what the responder says of itself. */
function tellsTheTruth({ first, last, reached, done }: Told): void {
  const told = JSON.stringify({ first, last });
  expect(reached, told).toBeLessThanOrEqual(1);
  expect(done, told).toBeLessThanOrEqual(reached);
  for (const outcome of [first, last]) {
    if (reached > 0) expect(mayHaveActed(outcome), told).toBe(true);
    if (outcome.status === "done") expect(done, told).toBe(1);
    if (done > 0)
      expect(outcome.summary, told).not.toMatch(/Nothing was sent|nobody was|was not built|0 sessions/);
  }
  // What was done and is not told as done is told as not known, or asked of a person.
  if (done > 0 && last.status === "failed") expect(last.summary, told).toMatch(/not known/);
}
