import { expect, it } from "vitest";
import type { Workflow } from "../../functions/core/ports.ts";

export interface WorkflowUnderTest {
  readonly workflow: Workflow;
  /** Inputs of the executions of that name. */
  inputsOf(name: string): Promise<readonly unknown[]>;
}

export function workflowContract(make: () => Promise<WorkflowUnderTest>): void {
  it("Q3 starts an execution of a name once, whatever the second call brings", async () => {
    const { workflow, inputsOf } = await make();
    const input = { schema: "respond.v1", incidentId: "inc-1", cycle: 0 };
    expect(await workflow.start("inc-1", input)).toBe("started");
    expect(await workflow.start("inc-1", { ...input, cycle: 1 })).toBe("already-started");
    // AWS says "started" again while the first runs with this very input.
    expect(["started", "already-started"]).toContain(await workflow.start("inc-1", input));
    expect(await inputsOf("inc-1")).toEqual([input]);
  });

  it("Q3 starts executions of different names", async () => {
    const { workflow, inputsOf } = await make();
    expect(await workflow.start("inc-1", { n: 1 })).toBe("started");
    expect(await workflow.start("inc-2", { n: 2 })).toBe("started");
    expect(await inputsOf("inc-2")).toEqual([{ n: 2 }]);
  });

  it("Q3 knows whether an execution lives, and of a name that was never started that it does not know it", async () => {
    const { workflow } = await make();
    await workflow.start("inc-1", { n: 1 });
    expect(["running", "ended"]).toContain(await workflow.stateOf("inc-1"));
    expect(await workflow.stateOf("inc-2")).toBe("unknown");
  });
}
