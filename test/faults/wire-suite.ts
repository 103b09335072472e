import { afterAll, beforeAll, expect, it } from "vitest";
import { type FaultProtocol, type FaultProxy, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import type { LabNode } from "../lab/engines/lab-server.ts";
import { closeAll } from "../lab/engines/sql.ts";
import { runCli } from "../support/run-cli.ts";
import type { WireFault } from "./wire-faults.ts";

/** A limit on the machine's patience, not on the responder's speed: its own deadline for this tier is 8 s. */
const boundMs = 40_000;

/** Idle, so that there is more than one row to tell: an answer of one row cannot end after its first. */
type Bystanders = Parameters<typeof closeAll>[0];

/** A database that is well, behind faults that others thought out, looked at by the command line as a person runs it. */
export function wireSuite(
  protocol: FaultProtocol,
  start: () => Promise<{ readonly server: LabNode; readonly bystanders: Bystanders }>,
  faults: readonly WireFault[],
): void {
  let server: LabNode;
  let bystanders: Bystanders = [];
  let proxy: FaultProxy;
  beforeAll(async () => {
    ({ server, bystanders } = await start());
    proxy = await startFaultProxy(protocol, `127.0.0.1:${server.port}`);
  });
  afterAll(async () => {
    await proxy?.stop();
    await closeAll(bystanders);
    await server?.stop();
  });
  const diagnose = () => {
    const url = server.masterUrl.replace(`:${server.port}/`, `:${proxy.port}/`);
    return runCli("diagnose", "--url", url, "--tier", "immediate");
  };

  it("Q9 is told that a quick look found nothing wrong when nothing is in the way", async () => {
    await proxy.inject([]);
    const { code, out } = await diagnose();
    expect(out).toContain("the first look found nothing wrong");
    expect(code).toBe(5);
  });

  it.each(faults.map((fault) => [fault.what, fault] as const))(
    "Q9 is not told healthy when %s",
    async (_what, fault) => {
      const { rule, exitCodes, says } = fault;
      await proxy.inject([rule]);
      const started = performance.now();
      const { code, out, err } = await diagnose();
      expect(performance.now() - started).toBeLessThan(boundMs);
      expect(await proxy.fired()).not.toEqual([]);
      // Another view may have answered the question, as long as it is said that it was one.
      if (!/second best/.test(out)) expect(out).not.toMatch(/healthy|nothing wrong/i);
      expect(out).toMatch(says);
      expect(err).not.toMatch(/\n\s+at /);
      expect(/second best/.test(out) ? [5, ...exitCodes] : exitCodes).toContain(code);
    },
  );
}
