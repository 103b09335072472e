import type { GuardSettings } from "../contract/work-order.ts";
import type { Policy } from "../settings.ts";

/** What travels in an order: whoever acts can ask no store. */
export function guardsOf(policy: Policy, { unasked }: { readonly unasked: boolean }): GuardSettings {
  return {
    protectedUsers: policy.protectedUsers,
    protectedApplications: policy.protectedApplications,
    protectedQueries: policy.protectedQueries,
    actOnAdministrators: policy.actOnAdministrators,
    optOutComment: policy.optOutComment,
    graceSeconds: policy.graceSeconds,
    maxRollbackRows: policy.maxRollbackRows,
    maxLostWorkSeconds: policy.maxLostWorkSeconds,
    maxInstanceClass: policy.maxInstanceClass,
    webhooks: webhookGuards(policy),
    unasked,
  };
}

function webhookGuards({ webhooks }: Policy): NonNullable<GuardSettings["webhooks"]> {
  const { hosts, allowPrivate, signingSecretArn } = webhooks;
  return { hosts, allowPrivate, signingSecretArn };
}
