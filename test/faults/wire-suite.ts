import { afterAll, beforeAll, expect, it } from "vitest";
import { type FaultProtocol, type FaultProxy, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import type { LabNode } from "../lab/engines/lab-server.ts";
import { runCli } from "../support/run-cli.ts";
import type { WireFault } from "./wire-faults.ts";

/** A limit on the machine's patience, not on the responder's speed: its own deadline for this tier is 8 s. */
const boundMs = 40_000;

/** A database that is well, behind faults that others thought out, looked at by the command line as a person runs it. */
export function wireSuite(
  protocol: FaultProtocol,
  start: () => Promise<LabNode>,
  faults: readonly WireFault[],
): void {
  let server: LabNode;
  let proxy: FaultProxy;
  beforeAll(async () => {
    server = await start();
    proxy = await startFaultProxy(protocol, `127.0.0.1:${server.port}`);
  });
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
  });
  const diagnose = () => {
    const url = server.masterUrl.replace(`:${server.port}/`, `:${proxy.port}/`);
    return runCli("diagnose", "--url", url, "--tier", "immediate");
  };

  it("Q9 is told healthy when nothing is in the way", async () => {
    await proxy.inject([]);
    const { code, out } = await diagnose();
    expect(out).toContain("Nothing wrong found");
    expect(code).toBe(0);
  });

  it.each(faults)("Q9 is not told healthy when $what", async ({ rule, exitCodes, says }) => {
    await proxy.inject([rule]);
    const started = performance.now();
    const { code, out, err } = await diagnose();
    expect(performance.now() - started).toBeLessThan(boundMs);
    expect(await proxy.fired()).not.toEqual([]);
    expect(out).not.toMatch(/healthy|Nothing wrong/);
    expect(out).toMatch(says);
    expect(err).not.toMatch(/\n\s+at /);
    expect(exitCodes).toContain(code);
  });
}
