import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import { deafAfter } from "../../../functions/core/failover/passing-look.ts";
import type { FailoverPorts } from "../../../functions/core/failover/ports.ts";
import { next } from "../../../functions/core/failover/run.ts";
import type { Seen } from "../../../functions/core/failover/turn.ts";
import {
  aGroup,
  aLook,
  aRun,
  noAnswer,
  noon,
  quiet,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

const run = aRun({
  ...{ phase: "wait", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", known: ["orders-db", "orders-db-1"], token: 7 },
});

/** A network that swallows every packet to the old primary: who asks it hears nothing until he gives up himself. */
function swallowing(): FailoverPorts & { readonly whole: string[] } {
  const memory = createMemoryFailover(createFailoverWorld(1).world);
  const whole: string[] = [];
  const look: FailoverPorts["door"]["look"] = async (node, group, signal) => {
    if (node.id !== "orders-db") return memory.door.look(node, group, signal);
    if (signal === undefined) whole.push(node.id);
    if (signal !== undefined) await new Promise((gaveUp) => signal.addEventListener("abort", gaveUp));
    return noAnswer;
  };
  return { ...memory, door: { ...memory.door, look }, whole };
}

const seenAt = (before: FailoverRun, ports: FailoverPorts, now: number) =>
  observe(before, ports, now, quiet, null);

const lookIn = ({ topology }: Seen) => topology?.nodes.find(({ id }) => id === "orders-db")?.look;

describe("a host that is gone", () => {
  it("F9 is waited for once in ten seconds, and asked in passing by the looks between", async () => {
    const ports = swallowing();
    const deaf = { ...run, deaf: { "orders-db": noon } };
    const soon = await seenAt(deaf, ports, noon + 9999);
    expect(soon.passed).toEqual(["orders-db"]);
    expect(lookIn(soon)).toMatchObject({ reachable: false, writable: null });
    expect(ports.whole).toEqual([]);
    const later = await seenAt(deaf, ports, noon + 10_000);
    expect(later.passed).toEqual([]);
    expect(ports.whole).toEqual(["orders-db"]);
  });

  it("F9 is heard in passing where it answers again", async () => {
    const ports = createMemoryFailover(createFailoverWorld(1).world);
    const seen = await seenAt({ ...run, deaf: { "orders-db": noon } }, ports, noon + 1000);
    expect(lookIn(seen)?.reachable).toBe(true);
  });

  it.each([
    ["who is to be promoted", { candidate: "orders-db" }],
    ["whether it is the writer again", { method: "reboot-with-failover" as const, candidate: null }],
    ["whether it is back behind its restart", { phase: "fence" as const }],
    ["how far it got", { phase: "catch-up" as const }],
    [
      "how far another one got, before anybody is called",
      { phase: "choose" as const, oldPrimary: "orders-db-1" },
    ],
  ])("F3 F4 is waited for where the look decides %s", async (_, change) => {
    const ports = swallowing();
    const deaf = { ...run, deaf: { "orders-db": noon }, ...change };
    expect((await seenAt(deaf, ports, noon + 1000)).passed).toEqual([]);
    expect(ports.whole).toEqual(["orders-db"]);
  });

  it.each(["choose", "check"] as const)("F9 is asked in passing as the old primary in %s", async (phase) => {
    const deaf = { ...run, candidate: null, deaf: { "orders-db": noon }, phase };
    expect((await seenAt(deaf, swallowing(), noon + 1000)).passed).toEqual(["orders-db"]);
  });
});

describe("who did not answer", () => {
  const deafIn = (look: typeof noAnswer | null, passed: string[] = []) => {
    const topology = withNode(aGroup(), "orders-db", { look });
    return deafAfter(
      { ...run, deaf: { "orders-db": noon } },
      { ...seenOf(topology), now: noon + 5000, passed },
    );
  };

  it("is deaf since it was last waited for: a look in passing makes it no younger", () => {
    expect(deafIn(noAnswer)).toEqual({ "orders-db": noon + 5000 });
    expect(deafIn(noAnswer, ["orders-db"])).toEqual({ "orders-db": noon });
  });

  it("F3 is not who could not be asked: the function that was to ask him broke, and he may be well", () => {
    const topology = withNode(aGroup(), "orders-db", { look: null });
    expect(deafAfter(run, seenOf(topology))).toEqual({});
    expect(deafIn(null)).toEqual({ "orders-db": noon });
  });

  it("is not deaf once it answers, and be it that it refuses", () => {
    expect(deafIn(aLook({ writable: true }))).toEqual({});
    expect(deafIn({ ...noAnswer, refused: true })).toEqual({});
  });

  it("is not told by a look that asked nobody", () => {
    const partial = seenOf(aGroup(), { partial: true, now: noon + 5000 });
    expect(deafAfter({ ...run, deaf: { "orders-db": noon } }, partial)).toEqual({ "orders-db": noon });
  });

  it("is written into the run by the look that met it", () => {
    const silent = withNode(aGroup(), "orders-db", { look: noAnswer });
    expect(next({ ...run, phase: "check" }, seenOf(silent)).run.deaf).toEqual({ "orders-db": noon });
  });
});
