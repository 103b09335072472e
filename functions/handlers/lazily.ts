import * as z from "zod";

/** Sent ahead by the machine, so that cold starts that would come one after the other happen side by side. */
const wakeUpSchema = z.strictObject({ wake: z.literal(true) });

export interface Awake {
  readonly awake: true;
}

type Handler<Result> = (event: unknown) => Promise<Result>;

/**
 * A Lambda handler whose adapters are wired on the first event and kept for the next ones. Wiring makes no call: what
 * must be read from outside is read by the step that needs it, so that no other step fails for it. `ahead` reads it
 * while other functions still start, and never fails: who needs what it could not read asks again, and says so.
 */
export function lazily<Result>(
  make: () => Handler<Result>,
  ahead: () => Promise<void> = async () => undefined,
): Handler<Result | Awake> {
  let made: Handler<Result> | undefined;
  return async (event) => {
    made ??= make();
    if (!wakeUpSchema.safeParse(event).success) return made(event);
    await ahead();
    return { awake: true };
  };
}
