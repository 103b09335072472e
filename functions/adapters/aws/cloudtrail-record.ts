import * as z from "zod";

/** What is used of the JSON text that each event carries. */
const recordSchema = z.looseObject({
  errorCode: z.string().nullish(),
  requestParameters: z.record(z.string(), z.unknown()).nullish(),
  responseElements: z.record(z.string(), z.unknown()).nullish(),
});
export type CallRecord = z.infer<typeof recordSchema>;

/** Null where it cannot be read. */
export function recordOf(text: string | undefined): CallRecord | null {
  try {
    return recordSchema.safeParse(JSON.parse(text ?? "")).data ?? null;
  } catch {
    // An event that cannot be read still tells who did what and when.
    return null;
  }
}
