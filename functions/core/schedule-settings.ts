import * as z from "zod";

/** What EventBridge allows in a name; a statement of a role that names it must not match another. */
const nameSchema = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "is no name of a rule, a schedule or a group");

/** Whose work it begins, as its sessions show it; what is given must all be so. */
const feedsSchema = z
  .strictObject({
    /** With `*` for any text, whatever the case. */
    application: z.string().min(1).optional(),
    user: z.string().min(1).optional(),
    /** A part of the statement, whatever the case. */
    statement: z.string().min(8).optional(),
  })
  .refine((feeds) => Object.keys(feeds).length > 0, "says of nobody that it is theirs");
export type Feeds = z.infer<typeof feedsSchema>;

/** Which schedule works on which database nothing on AWS tells: somebody says so. */
export const schedulesSchema = z
  .array(
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("rule"),
        name: nameSchema,
        /** Its event bus. */
        group: nameSchema.default("default"),
        feeds: feedsSchema,
      }),
      z.strictObject({
        kind: z.literal("schedule"),
        name: nameSchema,
        group: nameSchema.default("default"),
        /** Of its target: who writes a schedule anew passes it on, and may pass on no other. */
        roleArn: z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, "is no ARN of a role"),
        feeds: feedsSchema,
      }),
    ]),
  )
  .max(20);
export type ScheduleSettings = z.infer<typeof schedulesSchema>[number];
