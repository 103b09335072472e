import * as z from "zod";

/** What an application may be asked for (SPEC A30, V3). */
export const webhookDoesSchema = z.enum(["reset-pool", "read-only", "read-write", "shed-load", "take-load"]);
export type WebhookDoes = z.infer<typeof webhookDoesSchema>;

/** What takes it back; a pool that was reset fills by itself. */
export const oppositeOf: Readonly<Record<WebhookDoes, WebhookDoes | null>> = {
  "reset-pool": null,
  "read-only": "read-write",
  "read-write": "read-only",
  "shed-load": "take-load",
  "take-load": "shed-load",
};

/** What Secrets Manager holds of it. */
export const webhookSecretSchema = z.object({ signingSecret: z.string().min(16) });

const hostSchema = z
  .string()
  .regex(
    /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d+)?$/,
    "is no host name in lower case, such as hooks.example.com",
  );

/** Only what may be called, and how: the secret itself is in Secrets Manager. */
export const webhooksSchema = z
  .strictObject({
    /** Whole names, with the port where it is not the usual one; no wildcards. Empty: nothing is called. */
    hosts: z.array(hostSchema).max(20).default([]),
    /** Whether a name may lead to an address inside the network, and http is enough there. */
    allowPrivate: z.boolean().default(false),
    /** Of a secret with the field signingSecret. Null: nothing is called, since nobody could tell that it was us. */
    signingSecretArn: z.string().nullable().default(null),
    /** Address by what is asked for. */
    calls: z.partialRecord(webhookDoesSchema, z.url({ protocol: /^https?$/ })).default({}),
  })
  .superRefine(({ hosts, signingSecretArn, calls }, context) => {
    for (const [does, url] of Object.entries(calls)) {
      const host = URL.parse(url)?.host ?? "";
      const message = !hosts.includes(host)
        ? `${host} is not among hosts, so that it would never be called`
        : signingSecretArn === null
          ? "is never called without signingSecretArn"
          : null;
      if (message !== null) context.addIssue({ code: "custom", path: ["calls", does], message });
    }
  });
