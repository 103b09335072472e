import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import * as z from "zod";

/**
 * Where a bucket is found, as S3's client decides it: a diagram of conditions that ends in addresses. Most of it is for
 * access points, Outposts, directory buckets and acceleration; what is asked for one bucket by its path stays.
 */
export const bucketAddresses: Plugin = {
  name: "addresses of S3",
  setup: (build) => {
    build.onLoad(
      { filter: /@aws-sdk[/\\]client-s3[/\\]dist-es[/\\]endpoint[/\\]bdd\.js$/ },
      async ({ path }) => {
        const loaded = moduleSchema.safeParse(await import(pathToFileURL(path).href));
        return loaded.success ? { contents: sourceOf(decided(loaded.data.bdd)) } : undefined;
      },
    );
  },
};

const moduleSchema = z.object({
  bdd: z.object({
    /** Three numbers a node: its condition, and where to go on when that holds and when not. */
    nodes: z.instanceof(Int32Array),
    root: z.int(),
    conditions: z.array(z.json()),
    results: z.array(z.json()),
  }),
});

type Diagram = z.infer<typeof moduleSchema>["bdd"];

const bucket = { ref: "Bucket" };
const suffixed = (length: number, suffix: string) => [
  "stringEquals",
  [{ fn: "coalesce", argv: [{ fn: "substring", argv: [bucket, 0, length, true] }, ""] }, suffix],
];

const isArn = [
  "stringEquals",
  [{ fn: "coalesce", argv: [{ fn: "substring", argv: [bucket, 0, 4, false] }, ""] }, "arn:"],
];

/** What createS3Client and the stack's own bucket settle: addressed by path, never accelerated, an ordinary name. */
const settled = new Map<string, boolean>(
  (
    [
      [["isSet", [{ ref: "Region" }]], true],
      [["isSet", [bucket]], true],
      [["booleanEquals", [{ ref: "ForcePathStyle" }, true]], true],
      [["booleanEquals", [{ ref: "Accelerate" }, true]], false],
      [["stringEquals", [{ ref: "accessPointSuffix" }, "--op-s3"]], false],
      [isArn, false],
      [suffixed(6, "--x-s3"), false],
      [suffixed(7, "--xa-s3"), false],
      [["aws.parseArn", [bucket], "bucketArn"], false],
    ] as const
  ).map(([condition, holds]) => [JSON.stringify(condition), holds]),
);

/** References from here on are results; 1 and -1 are ends without one. */
const firstResult = 100_000_000;

/** The same diagram from which what is settled has been taken, and with it what only led there. */
function decided({ nodes, root, conditions, results }: Diagram): Diagram {
  const kept: Diagram = { nodes: new Int32Array(), root: 1, conditions: [], results: [] };
  const numbers: number[] = [-1, 1, -1];
  const seen = new Map<string, number>();
  /** The number of a thing in its new list, where it is put when it is first asked for. */
  const numbered = (name: string, add: () => number): number => {
    const known = seen.get(name) ?? add();
    seen.set(name, known);
    return known;
  };
  const at = (index: number) => nodes[index] ?? 1;

  const place = (ref: number): number => {
    if (Math.abs(ref) === 1) return ref;
    if (ref >= firstResult) {
      const index = ref - firstResult;
      return firstResult + numbered(`result ${index}`, () => kept.results.push(results[index] ?? [-1]) - 1);
    }
    const node = 3 * (Math.abs(ref) - 1);
    const [condition, high, low] = [at(node), at(node + 1), at(node + 2)];
    const holds = settled.get(JSON.stringify(conditions[condition]));
    if (holds !== undefined) return place(ref >= 0 === holds ? high : low);
    const add = () => {
      const from = numbers.push(0, 0, 0) - 3;
      const test = numbered(
        `condition ${condition}`,
        () => kept.conditions.push(conditions[condition] ?? null) - 1,
      );
      numbers.splice(from, 3, test, place(high), place(low));
      return from / 3 + 1;
    };
    return Math.sign(ref) * numbered(`node ${node}`, add);
  };
  return { ...kept, root: place(root), nodes: new Int32Array(numbers) };
}

function sourceOf({ nodes, root, conditions, results }: Diagram): string {
  const [tests, ends] = [JSON.stringify(conditions), JSON.stringify(results)];
  return `import { BinaryDecisionDiagram } from "@smithy/core/endpoints";
export const bdd = BinaryDecisionDiagram.from(new Int32Array([${nodes}]), ${root}, ${tests}, ${ends});`;
}
