import type { EngineNode } from "./engine-node.ts";

/** Stands for an engine that is still being made. */
export function vacantNode(name: string): EngineNode {
  const absent = async (): Promise<never> => {
    throw new Error(`the engine of ${name} is not made yet`);
  };
  return {
    name,
    dataDir: "",
    pid: () => null,
    port: () => null,
    signal: () => false,
    remove: async () => undefined,
    configure: async (parameters) => [...parameters.keys()],
    parameterKind: async () => null,
    parameters: async () => [],
    ...{ start: absent, stop: absent, promote: absent, follow: absent, sample: absent },
    ...{ position: absent, reached: absent },
  };
}
