import * as z from "zod";

const ms = z.number().int().min(0).max(3_600_000);

/** How long each transition takes, in ms. Half of it passes before the effect and half after. */
export const delaysSchema = z.strictObject({
  modifyMs: ms.default(200),
  rebootMs: ms.default(200),
  promoteMs: ms.default(200),
  createMs: ms.default(200),
  failoverMs: ms.default(200),
  /** `storage-optimization` after storage has grown. */
  optimizeMs: ms.default(200),
  /** Until those who ask for a name hear of its change. */
  nameMs: ms.default(0),
  /** From one sample of the engines for CloudWatch to the next. */
  sampleMs: z.number().int().min(100).max(3_600_000).default(5_000),
});

export type Delays = z.infer<typeof delaysSchema>;
